import { validationError } from '../validation-error.ts';
import { evaluate, evaluateCondition, intrinsicOf, type Scope } from './evaluate.ts';
import { isObject, type JsonObject, type JsonValue } from './json-value.ts';

/**
 * Checks parameters against the template's Rules.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
 */
export function checkRules(rules: Readonly<Record<string, JsonObject>>, scope: Scope): void {
  for (const [name, rule] of Object.entries(rules)) {
    const condition = rule['RuleCondition'];
    if (condition !== undefined && !holds(condition, scope)) continue;
    const assertions = rule['Assertions'];
    if (!Array.isArray(assertions))
      throw validationError(`Template format error: Rule ${name} must have a list of Assertions`);
    for (const assertion of assertions as readonly JsonValue[]) {
      if (!isObject(assertion) || assertion['Assert'] === undefined)
        throw validationError(`Template format error: every assertion of rule ${name} must have an Assert`);
      if (!holds(assertion['Assert'], scope))
        throw validationError(
          `Template parameters not valid: ${typeof assertion['AssertDescription'] === 'string' ? assertion['AssertDescription'] : `rule ${name} does not hold`}`,
        );
    }
  }
}

/** Rules know functions on lists that conditions do not. */
function holds(value: JsonValue, scope: Scope): boolean {
  const [name, argument] = intrinsicOf(value) ?? [];
  const [first, second] = Array.isArray(argument) ? (argument as readonly JsonValue[]) : [];
  const listOf = (item: JsonValue | undefined): readonly string[] => {
    const list = item === undefined ? undefined : evaluate(item, scope);
    if (!Array.isArray(list)) throw validationError(`Template error: ${String(name)} requires two lists`);
    return (list as readonly JsonValue[]).map(String);
  };
  switch (name) {
    case 'Fn::And':
      return (argument as readonly JsonValue[]).every((term) => holds(term, scope));
    case 'Fn::Or':
      return (argument as readonly JsonValue[]).some((term) => holds(term, scope));
    case 'Fn::Not':
      return !holds(first ?? null, scope);
    case 'Fn::Contains':
      return listOf(first).includes(String(evaluate(second ?? null, scope)));
    case 'Fn::EachMemberEquals':
      return listOf(first).every((item) => item === String(evaluate(second ?? null, scope)));
    case 'Fn::EachMemberIn': {
      const allowed = listOf(second);
      return listOf(first).every((item) => allowed.includes(item));
    }
    case undefined:
    default:
      return evaluateCondition(value, scope);
  }
}
