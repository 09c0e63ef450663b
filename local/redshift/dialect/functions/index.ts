import { AGGREGATE_FUNCTIONS } from './aggregate.ts';
import { ARRAY_FUNCTIONS } from './array.ts';
import { CONDITIONAL_FUNCTIONS } from './conditional.ts';
import { CONVERSION_FUNCTIONS } from './conversion.ts';
import { DATE_FUNCTIONS } from './date.ts';
import { ofTexts, type FunctionTable } from './function.ts';
import { HASH_FUNCTIONS } from './hash.ts';
import { JSON_FUNCTIONS } from './json.ts';
import { MATH_FUNCTIONS } from './math.ts';
import { PART_FUNCTIONS } from './part-functions.ts';
import { REGEX_FUNCTIONS } from './regex.ts';
import { STRING_FUNCTIONS } from './string.ts';
import { SYSTEM_FUNCTIONS } from './system.ts';
import { WINDOW_FUNCTIONS } from './window.ts';

/** Every function there is, by its Redshift name. What is not here does not exist. */
export const FUNCTIONS: FunctionTable = {
  ...AGGREGATE_FUNCTIONS,
  ...ARRAY_FUNCTIONS,
  ...CONDITIONAL_FUNCTIONS,
  ...CONVERSION_FUNCTIONS,
  ...ofTexts(DATE_FUNCTIONS, 'numbers'),
  ...ofTexts(HASH_FUNCTIONS),
  ...JSON_FUNCTIONS,
  ...MATH_FUNCTIONS,
  ...ofTexts(PART_FUNCTIONS, 'numbers'),
  ...ofTexts(REGEX_FUNCTIONS),
  ...ofTexts(STRING_FUNCTIONS),
  ...SYSTEM_FUNCTIONS,
  ...WINDOW_FUNCTIONS,
};
