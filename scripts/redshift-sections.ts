/** The parts of `docs/redshift.md` that are made from the dialect: its functions, and what it keeps of the system tables. */
import { AGGREGATE_FUNCTIONS } from '../local/redshift/dialect/functions/aggregate.ts';
import { ARRAY_FUNCTIONS } from '../local/redshift/dialect/functions/array.ts';
import { CONDITIONAL_FUNCTIONS } from '../local/redshift/dialect/functions/conditional.ts';
import { CONVERSION_FUNCTIONS } from '../local/redshift/dialect/functions/conversion.ts';
import { DATE_FUNCTIONS } from '../local/redshift/dialect/functions/date.ts';
import type { Call, FunctionTable } from '../local/redshift/dialect/functions/function.ts';
import { HASH_FUNCTIONS } from '../local/redshift/dialect/functions/hash.ts';
import { JSON_FUNCTIONS } from '../local/redshift/dialect/functions/json.ts';
import { MATH_FUNCTIONS } from '../local/redshift/dialect/functions/math.ts';
import { PART_FUNCTIONS } from '../local/redshift/dialect/functions/part-functions.ts';
import { REGEX_FUNCTIONS } from '../local/redshift/dialect/functions/regex.ts';
import { STRING_FUNCTIONS } from '../local/redshift/dialect/functions/string.ts';
import { SYSTEM_FUNCTIONS } from '../local/redshift/dialect/functions/system.ts';
import { WINDOW_FUNCTIONS } from '../local/redshift/dialect/functions/window.ts';
import { RedshiftError } from '../local/redshift/dialect/index.ts';
import { SYSTEM_RELATIONS } from '../local/redshift/catalog/system-relations.ts';
import { table } from './markdown-table.ts';

const CHAPTERS: Readonly<Record<string, FunctionTable>> = {
  Aggregate: AGGREGATE_FUNCTIONS,
  Window: WINDOW_FUNCTIONS,
  Conditional: CONDITIONAL_FUNCTIONS,
  'Date and time': { ...DATE_FUNCTIONS, ...PART_FUNCTIONS },
  String: { ...STRING_FUNCTIONS, ...REGEX_FUNCTIONS },
  Mathematical: MATH_FUNCTIONS,
  'Data type formatting': CONVERSION_FUNCTIONS,
  'JSON and SUPER': { ...ARRAY_FUNCTIONS, ...JSON_FUNCTIONS },
  Hash: HASH_FUNCTIONS,
  'System information': SYSTEM_FUNCTIONS,
};

/** Sections by their names in the document. */
export function redshiftSections(): ReadonlyMap<string, string> {
  const supported: string[][] = [];
  const refused: string[][] = [];
  for (const [chapter, functions] of Object.entries(CHAPTERS)) {
    const names = Object.keys(functions).sort();
    const refusals = names.flatMap((name) => {
      const error = refusal(functions, name);
      return error ? [[`\`${name}\``, error.hint ?? '']] : [];
    });
    const refusedNames = new Set(refusals.map(([name]) => name));
    supported.push([
      chapter,
      names
        .map((name) => `\`${name}\``)
        .filter((name) => !refusedNames.has(name))
        .join(', '),
    ]);
    refused.push(...refusals);
  }
  return new Map([
    ['functions', table(['chapter', 'functions'], supported)],
    ['refused-functions', table(['function', 'instead'], refused)],
    ['system-relations', SYSTEM_RELATIONS.map((name) => `\`${name}\``).join(', ')],
  ]);
}

/** The error of a function that is refused whatever its arguments. */
function refusal(functions: FunctionTable, name: string): RedshiftError | undefined {
  const call: Call = {
    name,
    token: { type: 'word', text: name, at: 0, word: name.toUpperCase() },
    args: [],
    original: [],
    distinct: false,
    nulls: '',
    within: undefined,
    over: undefined,
    unframed: false,
    inFrom: false,
  };
  try {
    functions[name]?.(call);
  } catch (error) {
    if (error instanceof RedshiftError && error.code === '0A000' && error.message.includes(`function ${name}`))
      return error;
  }
  return undefined;
}
