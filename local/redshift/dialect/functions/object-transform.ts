import type { Reader } from '../reader.ts';
import type { Expression, Fragment } from '../fragment.ts';
import { literal, stringValue } from '../lexer.ts';
import { RedshiftError, SQLSTATE, syntaxError } from '../redshift-error.ts';
import { isWord, significant, splitAtCommas, startOf, textOf, type Group, type Node } from '../token-tree.ts';

/** What becomes of an attribute; `value` is the place of what it is set to. */
interface Attribute {
  kept: boolean;
  value: number | undefined;
  readonly attributes: Map<string, Attribute>;
}

const attribute = (): Attribute => ({ kept: false, value: undefined, attributes: new Map() });

/**
 * `OBJECT_TRANSFORM(input KEEP path, … SET path, value, …)`: an object of what is kept and set; what is no object stays as it is.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_object_transform_function.html
 */
export function objectTransform(reader: Reader, group: Group): Expression {
  const keep = group.items.findIndex((node) => isWord(node, 'KEEP'));
  const set = group.items.findIndex((node) => isWord(node, 'SET'));
  const [first = group.items.length] = [keep, set].filter((at) => at >= 0).toSorted((a, b) => a - b);
  const input = reader.expression(group.items.slice(0, first)).fragment;
  if (first === group.items.length) return { fragment: input, type: 'JSON' };
  const tree = attribute();
  const kept = keep < 0 ? [] : splitAtCommas(group.items.slice(keep + 1, set < keep ? undefined : set));
  for (const path of kept) placed(tree, path, group).kept = true;
  const pairs = set < 0 ? [] : splitAtCommas(group.items.slice(set + 1, keep < set ? undefined : keep));
  if (pairs.length % 2 > 0) throw syntaxError(')', group.close?.at ?? group.open.at);
  const values = pairs.filter((_, at) => at % 2 > 0).map((nodes) => reader.expression(nodes).fragment);
  for (const [at, path] of pairs.filter((_, index) => index % 2 === 0).entries()) placed(tree, path, group).value = at;
  const given = values.map((value, at): Fragment => [`,v${at}:coalesce(CAST(to_json(`, value, `) AS VARCHAR),'null')`]);
  return {
    type: 'JSON',
    fragment: [
      'list_transform([{o:',
      input,
      given,
      `}],lambda rs_given: CASE WHEN json_type(rs_given.o)='OBJECT' THEN CAST(coalesce(${textOfObject(tree, 'rs_given.o')},'{}') AS JSON) ELSE rs_given.o END)[1]`,
    ],
  };
}

/** The attribute that a path names: constant names in double quotes with points between. */
function placed(tree: Attribute, path: readonly Node[], group: Group): Attribute {
  const [node, ...more] = significant(path);
  const text = node?.type === 'string' ? stringValue(node.text) : '';
  if (more.length > 0 || !/^"(?:[^"\\]|\\.)*"(?:\."(?:[^"\\]|\\.)*")*$/.test(text))
    throw new RedshiftError(
      SQLSTATE.invalidParameter,
      `OBJECT_TRANSFORM: ${textOf(path).trim() || 'nothing'} is no path of names in double quotes`,
      { position: node ? startOf(node) : group.open.at },
    );
  let found = tree;
  for (const [name] of text.matchAll(/"(?:[^"\\]|\\.)*"/g)) {
    const next = found.attributes.get(name) ?? attribute();
    found.attributes.set(name, next);
    found = next;
  }
  return found;
}

/** The JSON of an attribute that `source` yields in the input; NULL where nothing is kept or set of it. */
function textOfAttribute(of: Attribute, source: string): string {
  if (of.value !== undefined) return `rs_given.v${of.value}`;
  if (of.attributes.size > 0) return textOfObject(of, source);
  return `CAST(${source} AS VARCHAR)`;
}

function textOfObject(of: Attribute, source: string): string {
  const members = [...of.attributes].map(([name, inner]) => {
    const pointer = `/${String(JSON.parse(name)).replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const value = textOfAttribute(inner, `json_extract(${source},${literal(pointer)})`);
    return `${literal(`${name}:`)} || ${value}`;
  });
  const others = [...of.attributes.keys()].map((name) => literal(String(JSON.parse(name))));
  if (of.kept) members.unshift(`nullif(rs_other_members(${source},[${others.join(',')}]),'')`);
  return `'{' || nullif(concat_ws(',',${members.join(',')}),'') || '}'`;
}

export const OBJECT_TRANSFORM_MACROS: readonly string[] = [
  `rs_other_members(o, names) AS CASE WHEN json_type(o) = 'OBJECT' THEN array_to_string(list_transform(list_filter(json_keys(o), lambda k: NOT list_contains(names, k)), lambda k: CAST(to_json(k) AS VARCHAR) || ':' || CAST(json_extract(o, '/' || replace(replace(k, '~', '~0'), '/', '~1')) AS VARCHAR)), ',') END`,
];
