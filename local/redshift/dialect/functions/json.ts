import { join } from '../fragment.ts';
import { renamed, scalar, type FunctionTable } from './function.ts';

/** https://docs.aws.amazon.com/redshift/latest/dg/json-functions.html */
export const JSON_FUNCTIONS: FunctionTable = {
  json_extract_path_text: scalar(
    2,
    7,
    (args, call) => {
      const last = call.args.at(-1)?.fragment;
      const flag = typeof last === 'object' && 'word' in last && (last.word === 'TRUE' || last.word === 'FALSE');
      const path = args.slice(1, flag ? -1 : undefined);
      return ['rs_json_path(', args[0] ?? '', ',[', join(path, ','), '])'];
    },
    'VARCHAR',
  ),
  json_extract_array_element_text: scalar(
    2,
    3,
    ([json = '', index = '']) => ['rs_json_element(', json, ',', index, ')'],
    'VARCHAR',
  ),
  json_array_length: scalar(1, 2, ([json = '']) => ['CAST(json_array_length(', json, ') AS INTEGER)'], 'INTEGER'),
  is_valid_json: scalar(1, 1, ([json = '']) => ['rs_is_json(', json, ')'], 'BOOLEAN'),
  is_valid_json_array: scalar(
    1,
    1,
    ([json = '']) => ['(json_valid(', json, ') AND json_type(', json, ")='ARRAY')"],
    'BOOLEAN',
  ),
  json_parse: scalar(1, 1, ([text = '']) => ['CAST(', text, ' AS JSON)'], 'JSON'),
  json_serialize: scalar(1, 1, ([json = '']) => ['CAST(', json, ' AS VARCHAR)'], 'VARCHAR'),
  array: renamed('json_array', 'JSON'),
  object: renamed('json_object', 'JSON'),
  get_array_length: scalar(1, 1, ([json = '']) => ['CAST(json_array_length(', json, ') AS INTEGER)'], 'INTEGER'),
  split_to_array: scalar(1, 2, ([text = '', by = "','"]) => ['to_json(string_split(', text, ',', by, '))'], 'JSON'),
  json_typeof: renamed('rs_json_typeof', 'VARCHAR'),
};

export const JSON_MACROS: readonly string[] = [
  `rs_json_path(j, p) AS json_extract_string(j, '/' || array_to_string(p, '/'))`,
  `rs_json_element(j, n) AS json_extract_string(j, '/' || CAST(n AS VARCHAR))`,
  `rs_is_json(j) AS json_valid(j) AND json_type(j) IN ('OBJECT', 'ARRAY')`,
  `rs_json_typeof(x) AS CASE json_type(x) WHEN 'VARCHAR' THEN 'string' WHEN 'OBJECT' THEN 'object' WHEN 'ARRAY' THEN 'array' WHEN 'BOOLEAN' THEN 'boolean' WHEN 'NULL' THEN 'null' ELSE 'number' END`,
];
