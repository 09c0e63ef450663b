import { runtimeFailure } from '../failure.ts';
import { isList, isObject, type Json, type JsonObject } from '../json.ts';
import { lookUp, type PathRoots } from './lookup.ts';

/** RFC 3339 with a capital T and Z, as the states language demands. */
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

export const isTimestamp = (value: Json | undefined): value is string =>
  typeof value === 'string' && TIMESTAMP.test(value) && !Number.isNaN(Date.parse(value));

/** Whether a rule of a JSONPath Choice holds. https://states-language.net/#choice-state */
export function ruleHolds(rule: JsonObject, roots: PathRoots): boolean {
  if (isList(rule['And'])) return rule['And'].every((inner) => isObject(inner) && ruleHolds(inner, roots));
  if (isList(rule['Or'])) return rule['Or'].some((inner) => isObject(inner) && ruleHolds(inner, roots));
  if (isObject(rule['Not'])) return !ruleHolds(rule['Not'], roots);
  const variable = String(rule['Variable']);
  const read = (path: string): Json => {
    const value = lookUp(path, roots);
    if (value === undefined)
      throw runtimeFailure(`Invalid path '${path}': The choice state's condition path references an invalid value.`);
    return value;
  };
  if ('IsPresent' in rule) return (lookUp(variable, roots) !== undefined) === rule['IsPresent'];
  const operator = Object.keys(rule).find((name) => OPERATOR.test(name));
  if (operator === undefined) throw runtimeFailure('The choice rule has no comparison');
  const value = read(variable);
  const operand = rule[operator] ?? null;
  const kind = KINDS[operator];
  if (kind) return kind(value) === operand;
  return operator.endsWith('Path')
    ? compare(operator.slice(0, -'Path'.length), value, read(String(operand)))
    : compare(operator, value, operand);
}

const OPERATOR =
  /^(Is(Null|String|Numeric|Boolean|Timestamp)|(String|Numeric|Timestamp)(Equals|(Less|Greater)Than(Equals)?)(Path)?|BooleanEquals(Path)?|StringMatches)$/;

const KINDS: Readonly<Record<string, (value: Json) => boolean>> = {
  IsNull: (value) => value === null,
  IsString: (value) => typeof value === 'string',
  IsNumeric: (value) => typeof value === 'number',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: (value) => isTimestamp(value),
};

function compare(operator: string, value: Json, operand: Json): boolean {
  if (operator === 'StringMatches') return typeof value === 'string' && wildcard(String(operand)).test(value);
  if (operator === 'BooleanEquals') return typeof value === 'boolean' && value === operand;
  const relation = operator.replace(/^(String|Numeric|Timestamp)/, '');
  if (operator.startsWith('String'))
    return typeof value === 'string' && typeof operand === 'string' && holds(relation, order(value, operand));
  if (operator.startsWith('Numeric'))
    return typeof value === 'number' && typeof operand === 'number' && holds(relation, value - operand);
  return isTimestamp(value) && isTimestamp(operand) && holds(relation, Date.parse(value) - Date.parse(operand));
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function holds(relation: string, difference: number): boolean {
  switch (relation) {
    case 'Equals':
      return difference === 0;
    case 'LessThan':
      return difference < 0;
    case 'LessThanEquals':
      return difference <= 0;
    case 'GreaterThan':
      return difference > 0;
    default:
      return difference >= 0;
  }
}

/** `*` stands for any characters, `\*` for itself. */
function wildcard(pattern: string): RegExp {
  const source = pattern.replace(/\\([*\\])|[*]|[.+?^${}()|[\]\\/-]/g, (found, escaped: string | undefined) =>
    escaped !== undefined ? `\\${escaped}` : found === '*' ? '.*' : `\\${found}`,
  );
  return new RegExp(`^${source}$`, 's');
}
