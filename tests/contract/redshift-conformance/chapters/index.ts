import { LATERAL_ALIASES } from './lateral-aliases.ts';
import { TABLE_KEYS } from './table-keys.ts';
import type { Chapter } from '../chapter.ts';
import { AGGREGATES } from './aggregates.ts';
import { ARRAYS } from './arrays.ts';
import { TRIED_CASTS } from './casts.ts';
import { CATALOGUE } from './catalogue.ts';
import { CHARACTER_TYPES } from './character-types.ts';
import { COLLATIONS } from './collations.ts';
import { COLUMN_NAMES } from './column-names.ts';
import { COPIES } from './copy.ts';
import { COPY_DATES } from './copy-dates.ts';
import { COPY_JSON } from './copy-json.ts';
import { DATA_CHANGES } from './data-changes.ts';
import { DATES } from './dates.ts';
import { MEMBERSHIPS } from './memberships.ts';
import { MERGING_JOINS } from './merging-joins.ts';
import { NAME_CASES } from './name-cases.ts';
import { NUMERIC } from './numeric.ts';
import { OUTER_JOINS } from './outer-joins.ts';
import { PATTERNS } from './patterns.ts';
import { QUERIES } from './queries.ts';
import { REFUSED } from './refused.ts';
import { SETTINGS } from './settings.ts';
import { TABLE_RULES, UPDATES, VIEW_RULES } from './table-rules.ts';
import { TABLES } from './tables.ts';
import { TYPED_LITERALS } from './typed-literals.ts';
import { DATE_EXAMPLES } from './date-examples.ts';
import { DATE_LITERALS } from './date-literals.ts';
import { ERROR_MESSAGES } from './error-messages.ts';
import { FORMATTING } from './formatting.ts';
import { SUPER_QUERIES } from './super-queries.ts';
import { SUPER_VALUES } from './super-values.ts';
import { SORTING } from './sorting.ts';
import { STRINGS } from './strings.ts';
import { HIERARCHIES } from './hierarchies.ts';
import { JSON_AND_SUPER } from './json.ts';
import { UNLOADS } from './unload.ts';
import { USER_FUNCTIONS } from './user-functions.ts';
import { WINDOWS } from './windows.ts';
import { MATHEMATICS } from './mathematics.ts';

export const CHAPTERS: readonly Chapter[] = [
  AGGREGATES,
  ARRAYS,
  TRIED_CASTS,
  CATALOGUE,
  CHARACTER_TYPES,
  COLLATIONS,
  COLUMN_NAMES,
  COPIES,
  COPY_DATES,
  COPY_JSON,
  DATA_CHANGES,
  HIERARCHIES,
  DATES,
  MERGING_JOINS,
  NAME_CASES,
  NUMERIC,
  OUTER_JOINS,
  PATTERNS,
  QUERIES,
  REFUSED,
  SETTINGS,
  LATERAL_ALIASES,
  TABLES,
  TYPED_LITERALS,
  MEMBERSHIPS,
  TABLE_KEYS,
  TABLE_RULES,
  VIEW_RULES,
  UPDATES,
  DATE_EXAMPLES,
  DATE_LITERALS,
  ERROR_MESSAGES,
  FORMATTING,
  SORTING,
  STRINGS,
  SUPER_QUERIES,
  SUPER_VALUES,
  JSON_AND_SUPER,
  UNLOADS,
  USER_FUNCTIONS,
  WINDOWS,
  MATHEMATICS,
];
