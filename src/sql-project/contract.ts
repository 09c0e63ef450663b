import type { Finding } from '../errors/finding.ts';
import { isColumnType, parseColumnType } from '../manifest/column-type.ts';
import { type Manifest, tableLabel } from '../manifest/manifest.ts';
import { nearestName } from '../manifest/nearest-name.ts';
import { type Token, meaningful } from '../redshift-sql/lexer.ts';
import { type SqlFile, lineOf } from './sql-file.ts';
import type { Contract, ContractColumn, SqlProject } from './sql-project.ts';
import { headOf } from './statement-rules.ts';

/** Reads a contract: a file with one `create table schema.name (column type, …)`. */
export function readContract(source: SqlFile, findings: Finding[]): Contract | undefined {
  const [statement, ...more] = source.statements;
  const head = statement === undefined ? undefined : headOf(statement);
  const [schema, name] = head?.target?.split('.') ?? [];
  if (
    statement === undefined ||
    more.length > 0 ||
    head?.command !== 'create table' ||
    schema === undefined ||
    name === undefined
  ) {
    findings.push({
      path: source.file,
      what: 'this is not a contract',
      why: 'A file in staging/ holds one create table schema.name (…)',
      do: 'Write one, or remove the file',
    });
    return undefined;
  }
  const columns = columnTokens(statement.tokens).flatMap((tokens) => column(tokens, source, findings));
  return { file: source.file, schema, name, grain: source.header.get('grain')?.text ?? '', columns };
}

/** The tokens between the outer parentheses, split at their commas. */
function columnTokens(all: readonly Token[]): Token[][] {
  const columns: Token[][] = [[]];
  let depth = 0;
  for (const token of meaningful(all)) {
    if (token.text === ')') depth -= 1;
    if (depth === 1 && token.text === ',') columns.push([]);
    else if (depth > 0) columns.at(-1)?.push(token);
    if (token.text === '(') depth += 1;
    if (depth === 0 && token.text === ')') break;
  }
  return columns;
}

const AFTER_TYPE = new Set(['not', 'null', 'encode', 'default', 'distkey', 'sortkey', 'primary', 'unique']);

function column(tokens: readonly Token[], { file, body }: SqlFile, findings: Finding[]): ContractColumn[] {
  const [first, ...rest] = tokens;
  const end = rest.findIndex((token) => AFTER_TYPE.has(token.text.toLowerCase()));
  const written = (end < 0 ? rest : rest.slice(0, end))
    .map((token) => token.text)
    .join(' ')
    .replaceAll(/ ?([(),]) ?/g, '$1');
  const type = parseColumnType(written);
  const line = lineOf(body, first?.offset ?? 0);
  if (first !== undefined && isColumnType(type))
    return [{ name: first.text.replaceAll('"', '').toLowerCase(), type, line }];
  findings.push({
    path: `${file}:${line}`,
    what: `'${written}' is not a type`,
    why: 'A contract lists columns and their types',
    do: 'Write a column name and a type of Redshift',
  });
  return [];
}

/** What a manifest lacks for a SQL project: tables and columns its transforms count on. Paths are those of the manifest. */
export function contractFindings(manifest: Manifest, project: SqlProject): Finding[] {
  const tables = new Map(manifest.tables.map((table) => [tableLabel(table), table]));
  return project.contracts.flatMap((contract) => {
    const label = tableLabel(contract);
    const table = tables.get(label);
    if (table === undefined) {
      const near = nearestName(label, tables.keys());
      return [
        {
          path: 'schemas',
          what: `the manifest does not bring ${label}`,
          why: `The project '${project.name}' reads it${near === undefined ? '' : `; the nearest table there is ${near}`}`,
          do: `Add the table with the columns of ${contract.file}`,
        },
      ];
    }
    const columns = new Map(table.columns.map((column) => [column.name, column]));
    return contract.columns.flatMap(({ name, type }): Finding[] => {
      const found = columns.get(name);
      if (found?.type.name === type.name) return [];
      const near = found === undefined ? nearestName(name, columns.keys()) : undefined;
      return [
        found === undefined
          ? {
              path: `${table.path}.columns`,
              what: `${label} has no column '${name}'`,
              why: `The project '${project.name}' reads it${near === undefined ? '' : `; the nearest column is '${near}'`}`,
              do: `Add it, as ${type.name}`,
            }
          : {
              path: `${table.path}.columns[${table.columns.indexOf(found)}].type`,
              what: `${label}.${name} is ${found.type.name}`,
              why: `The project '${project.name}' counts on ${type.name}`,
              do: `Write ${type.name}`,
            },
      ];
    });
  });
}
