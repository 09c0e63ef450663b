import { BITWISE_MACROS } from '../bitwise.ts';
import { COLLATION_MACROS } from '../collations.ts';
import { COMPARISON_MACROS } from '../comparisons.ts';
import { MERGING_MACROS } from '../merging-joins.ts';
import { SUPER_ARITHMETIC_MACROS } from '../super-arithmetic.ts';
import { SET_OPERATION_MACROS } from '../set-operations.ts';
import { ORDER_MACROS } from '../ordered-values.ts';
import { SUPER_EQUALITY_MACROS } from '../super-equality.ts';
import { PIVOT_MACROS } from '../pivoted.ts';
import { SUPER_PATH_MACROS } from '../super-paths.ts';
import { AGGREGATE_MACROS } from './aggregate.ts';
import { ARRAY_MACROS } from './array.ts';
import { CONVERSION_MACROS } from './conversion.ts';
import { DATE_READING_MACROS } from './date-reading.ts';
import { DATE_TEXT_MACROS } from './date-text.ts';
import { DATE_WRITING_MACROS, ORDINAL_MACROS } from './date-writing.ts';
import { DATE_MACROS } from './date.ts';
import { FARM_FINGERPRINT_MACROS } from './farm-fingerprint.ts';
import { HASH_MACROS } from './hash.ts';
import { JSON_MACROS } from './json.ts';
import { MATH_MACROS } from './math.ts';
import { OBJECT_TRANSFORM_MACROS } from './object-transform.ts';
import { NUMBER_WRITING_MACROS } from './number-writing.ts';
import { PART_MACROS } from './part-functions.ts';
import { REGEX_MACROS } from './regex.ts';
import { SHA2_MACROS } from './sha2.ts';
import { STRING_MACROS } from './string.ts';
import { ZONE_MACROS } from './time-zones.ts';

/** `CREATE MACRO` statements for everything the functions of this folder use; one that uses another comes after it. */
export const MACROS: readonly string[] = [
  ...BITWISE_MACROS,
  ...COMPARISON_MACROS,
  ...SUPER_EQUALITY_MACROS,
  ...SET_OPERATION_MACROS,
  ...ORDER_MACROS,
  ...PIVOT_MACROS,
  ...SUPER_PATH_MACROS,
  ...MERGING_MACROS,
  ...COLLATION_MACROS,
  ...ZONE_MACROS,
  ...DATE_TEXT_MACROS,
  ...PART_MACROS,
  ...DATE_MACROS,
  ...CONVERSION_MACROS,
  ...ORDINAL_MACROS,
  ...DATE_WRITING_MACROS,
  ...DATE_READING_MACROS,
  ...NUMBER_WRITING_MACROS,
  ...STRING_MACROS,
  ...HASH_MACROS,
  ...SHA2_MACROS,
  ...FARM_FINGERPRINT_MACROS,
  ...REGEX_MACROS,
  ...MATH_MACROS,
  ...SUPER_ARITHMETIC_MACROS,
  ...AGGREGATE_MACROS,
  ...JSON_MACROS,
  ...ARRAY_MACROS,
  ...OBJECT_TRANSFORM_MACROS,
].map((macro) => `CREATE MACRO rs.main.${macro}`);
