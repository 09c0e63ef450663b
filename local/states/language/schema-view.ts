import { isExpression } from '../jsonata/expressions.ts';
import { isList, isObject, setMember, type Json, type JsonObject } from '../json.ts';

/** Members that may hold any JSON in a JSONata state. */
const PAYLOADS: ReadonlySet<string> = new Set(['Output', 'Arguments', 'Assign', 'ItemSelector', 'BatchInput']);
/** Members whose text is free. */
const TEXTS: ReadonlySet<string> = new Set(['Error', 'Cause']);

/**
 * A definition as the schema of the validator can judge it. Its JSONata patterns refuse what AWS takes: expressions over several lines or without
 * spaces at their ends, texts that are empty, hold a line break or are a whole Output. So in JSONata states payloads are left out, and
 * expressions are replaced by one that passes; they are checked apart.
 */
export function schemaView(machine: JsonObject, outerLanguage: Json = 'JSONPath'): JsonObject {
  const language = machine['QueryLanguage'] ?? outerLanguage;
  const states = machine['States'];
  if (!isObject(states)) return machine;
  return { ...machine, States: mapMembers(states, (state) => stateView(state, language)) };
}

function stateView(state: Json, outerLanguage: Json): Json {
  if (!isObject(state)) return state;
  const language = state['QueryLanguage'] ?? outerLanguage;
  const viewed: Record<string, Json> = {};
  for (const [name, value] of Object.entries(state)) {
    if (name === 'Branches' && isList(value))
      viewed[name] = value.map((branch) => (isObject(branch) ? schemaView(branch, language) : branch));
    else if ((name === 'ItemProcessor' || name === 'Iterator') && isObject(value))
      viewed[name] = schemaView(value, language);
    else if (language !== 'JSONata') setMember(viewed, name, value);
    else if (!PAYLOADS.has(name)) setMember(viewed, name, plain(value, name));
  }
  return viewed;
}

function plain(value: Json, name: string): Json {
  if (typeof value === 'string') return isExpression(value) ? '{% 1 %}' : TEXTS.has(name) ? 'text' : value;
  if (isList(value)) return name === 'Items' ? [] : value.map((item) => plain(item, ''));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([member]) => !PAYLOADS.has(member));
  return mapMembers(Object.fromEntries(kept), plain);
}

function mapMembers(object: JsonObject, map: (value: Json, name: string) => Json): JsonObject {
  const mapped: Record<string, Json> = {};
  for (const [name, value] of Object.entries(object)) setMember(mapped, name, map(value, name));
  return mapped;
}
