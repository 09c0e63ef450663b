import { runtimeFailure, StateFailure } from '../failure.ts';
import { isList, isObject, setMember, type Json, type JsonObject } from '../json.ts';
import { find, parsePath } from './path.ts';

/** What `$`, `$$` and `$variable` stand for. */
export interface PathRoots {
  readonly input: Json;
  readonly context: JsonObject;
  readonly variables: JsonObject;
}

/** The path's value, or all matches of an indefinite path; `undefined` where a definite path finds nothing. */
export function lookUp(text: string, roots: PathRoots): Json | undefined {
  let root: Json = roots.input;
  let path = text;
  if (text.startsWith('$$')) {
    root = roots.context;
    path = text.slice(1);
  } else {
    const variable = /^\$([\p{ID_Start}_][\p{ID_Continue}]*)/u.exec(text)?.[1];
    if (variable !== undefined) {
      if (!Object.hasOwn(roots.variables, variable))
        throw runtimeFailure(`Variable '$${variable}' referenced by '${text}' is not assigned.`);
      root = roots.variables[variable] ?? null;
      path = `$${text.slice(1 + variable.length)}`;
    }
  }
  const parsed = parsePath(path);
  const found = find(parsed, root);
  return parsed.definite || parsed.length ? found[0] : found;
}

/** A copy of `input` with `value` at a reference path, whose objects are made as needed. `$` replaces all. */
export function placeAt(input: Json, referencePath: string, value: Json): Json {
  const { segments, definite } = parsePath(referencePath);
  if (!definite) throw runtimeFailure(`Invalid reference path '${referencePath}': it must name one place.`);
  const place = (target: Json | undefined, depth: number): Json => {
    const segment = segments[depth];
    if (!segment) return value;
    if (segment.kind === 'index') {
      const index = segment.indexes[0] ?? 0;
      if (!isList(target) || index >= target.length || index < 0) throw mismatch(referencePath, input);
      return target.with(index, place(target[index], depth + 1));
    }
    if (segment.kind !== 'name') throw mismatch(referencePath, input);
    if (depth === 0 ? !isObject(target) : isList(target)) throw mismatch(referencePath, input);
    const name = segment.names[0] ?? '';
    const copy: Record<string, Json> = isObject(target) ? { ...target } : {};
    setMember(copy, name, place(Object.hasOwn(copy, name) ? copy[name] : undefined, depth + 1));
    return copy;
  };
  return place(input, 0);
}

function mismatch(referencePath: string, input: Json): StateFailure {
  return new StateFailure(
    'States.ResultPathMatchFailure',
    `Unable to apply step "${referencePath}" to input ${JSON.stringify(input)}`,
  );
}
