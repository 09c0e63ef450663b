import type { Ids } from '../../kernel/index.ts';
import { runtimeFailure, StateFailure } from '../failure.ts';
import { isList, isObject, setMember, type Json } from '../json.ts';
import { callIntrinsic } from './call.ts';
import { lookUp, type PathRoots } from './lookup.ts';

/**
 * Fills a payload template: members whose names end in `.$` are paths or intrinsic calls.
 * `missing` is the error for a path that finds nothing.
 */
export function fillTemplate(
  template: Json,
  roots: PathRoots,
  ids: Ids,
  missing = 'States.ParameterPathFailure',
): Json {
  if (isList(template)) return template.map((item) => fillTemplate(item, roots, ids, missing));
  if (!isObject(template)) return template;
  const filled: Record<string, Json> = {};
  for (const [name, value] of Object.entries(template))
    if (!name.endsWith('.$')) setMember(filled, name, fillTemplate(value, roots, ids, missing));
    else {
      if (typeof value !== 'string')
        throw runtimeFailure(`The value of '${name}' must be a path or an intrinsic function`);
      setMember(filled, name.slice(0, -2), evaluatePath(value, roots, ids, name, missing));
    }
  return filled;
}

/** A path or an intrinsic call. @throws StateFailure under `missing` where a path finds nothing. */
export function evaluatePath(
  source: string,
  roots: PathRoots,
  ids: Ids,
  field: string,
  missing = 'States.Runtime',
): Json {
  if (!source.startsWith('$')) return callIntrinsic(source, roots, ids);
  const value = lookUp(source, roots);
  if (value === undefined)
    throw new StateFailure(
      missing,
      `The JSONPath '${source}' specified for the field '${field}' could not be found in the input '${JSON.stringify(roots.input)}'`,
    );
  return value;
}
