import type { Finding } from '../errors/finding.ts';
import { foldName, nameProblem } from '../redshift-sql/identifier.ts';
import { isColumnType, parseColumnType } from './column-type.ts';
import type { ManifestDocument, TableDocument } from './document.ts';
import { fileKeyProblem } from './file-key.ts';
import { formatFindings } from './format-rules.ts';
import { MANIFEST_LIMITS } from './limits.ts';
import { nearestName } from './nearest-name.ts';
import { quoted } from './shape-findings.ts';

/** Schemas that belong to Redshift or to this service. */
const TAKEN_SCHEMAS = /^(pg_.*|information_schema|catalog_history|sys|sluice)$/;

/** A unit's temporary tables are named like this, and one of them must never hide a table of the batch. */
const TAKEN_TABLES = /^sluice_/;

/** Redshift keeps these names for itself. https://docs.aws.amazon.com/redshift/latest/dg/c_Hidden_columns.html */
const TAKEN_COLUMNS: ReadonlySet<string> = new Set([
  'oid',
  'tableoid',
  'xmin',
  'cmin',
  'xmax',
  'cmax',
  'ctid',
  'insertxid',
  'deletexid',
]);

/** Everything that is wrong with a document of the right shape. */
export function ruleFindings(document: ManifestDocument): Finding[] {
  const findings: Finding[] = sizeFindings(document);
  if (findings.length > 0) return findings;
  const seen = new Map<string, string>();
  document.schemas.forEach((schema, at) => {
    const path = `schemas[${at}]`;
    findings.push(...nameFindings(schema.name, `${path}.name`));
    if (TAKEN_SCHEMAS.test(foldName(schema.name)))
      findings.push({
        path: `${path}.name`,
        what: `${quoted(schema.name)} cannot be a schema of a batch`,
        why: 'Redshift or this service keeps it for itself',
        do: 'Choose another schema, for instance staging',
      });
    schema.tables.forEach((table, position) => {
      // Each further finding costs a search for the nearest name, and nobody reads more.
      if (findings.length >= MANIFEST_LIMITS.findings) return;
      const here = `${path}.tables[${position}]`;
      const label = `${foldName(schema.name)}.${foldName(table.name)}`;
      const before = seen.get(label);
      if (before !== undefined) findings.push(twice(`${here}.name`, `table ${quoted(label)}`, before));
      seen.set(label, `${here}.name`);
      findings.push(...tableFindings(table, here));
    });
  });
  return findings;
}

function sizeFindings(document: ManifestDocument): Finding[] {
  const tables = document.schemas.reduce((sum, schema) => sum + schema.tables.length, 0);
  const files = document.schemas.reduce(
    (sum, schema) => sum + schema.tables.reduce((inner, table) => inner + table.files.length, 0),
    0,
  );
  const tooMany = (count: number, limit: number, what: string): Finding[] =>
    count <= limit
      ? []
      : [
          {
            path: 'schemas',
            what: `the manifest lists ${count} ${what}`,
            why: `A batch has at most ${limit} ${what}`,
            do: 'Split it over several manifests',
          },
        ];
  return [...tooMany(tables, MANIFEST_LIMITS.tables, 'tables'), ...tooMany(files, MANIFEST_LIMITS.files, 'files')];
}

function tableFindings(table: TableDocument, path: string): Finding[] {
  const findings = nameFindings(table.name, `${path}.name`);
  if (TAKEN_TABLES.test(foldName(table.name)))
    findings.push({
      path: `${path}.name`,
      what: `${quoted(table.name)} cannot be a table of a batch`,
      why: 'Names that start with sluice_ are those of temporary tables of this service',
      do: 'Choose another name',
    });
  const columns = new Map<string, string>();
  table.columns.forEach((column, at) => {
    const here = `${path}.columns[${at}]`;
    findings.push(...nameFindings(column.name, `${here}.name`));
    const name = foldName(column.name);
    const before = columns.get(name);
    if (before !== undefined) findings.push(twice(`${here}.name`, `column ${quoted(name)}`, before));
    columns.set(name, `${here}.name`);
    if (TAKEN_COLUMNS.has(name))
      findings.push({
        path: `${here}.name`,
        what: `${quoted(name)} cannot be a column`,
        why: 'Redshift keeps this name for itself',
        do: 'Rename the column',
      });
    findings.push(...typeFindings(column.type, `${here}.type`));
  });
  const naming = (given: readonly string[] | undefined, key: string): void => {
    const used = new Set<string>();
    given?.forEach((name, at) => {
      if (findings.length >= MANIFEST_LIMITS.findings) return;
      const here = key === 'distKey' ? `${path}.${key}` : `${path}.${key}[${at}]`;
      if (!columns.has(foldName(name))) findings.push(noSuchColumn(here, name, columns.keys()));
      if (used.has(foldName(name))) findings.push(twice(here, `column ${quoted(name)}`, `${path}.${key}`));
      used.add(foldName(name));
    });
  };
  naming(table.key, 'key');
  naming(table.sortKey, 'sortKey');
  naming(table.distKey === undefined ? undefined : [table.distKey], 'distKey');
  findings.push(...loadFindings(table, path), ...superFindings(table, path), ...fileFindings(table, path));
  findings.push(...formatFindings(table.format, `${path}.format`));
  return findings;
}

function loadFindings(table: TableDocument, path: string): Finding[] {
  const findings: Finding[] = [];
  if (table.load === 'merge' && table.key === undefined)
    findings.push({
      path: `${path}.key`,
      what: 'the table has no key',
      why: 'A merge replaces the rows with the same key, so it must know the key',
      do: "Name the key's columns, or load with replace or append",
    });
  if (table.loadAgain !== undefined && table.load !== 'append')
    findings.push({
      path: `${path}.loadAgain`,
      what: 'loadAgain has no meaning here',
      why: 'Only append remembers the files it has loaded',
      do: "Remove it, or set load to 'append'",
    });
  const promised = table.files.map(({ rows }) => rows);
  if (table.rows === undefined || promised.includes(undefined)) return findings;
  const sum = promised.reduce((total: number, rows) => total + (rows ?? 0), 0);
  if (sum !== table.rows)
    findings.push({
      path: `${path}.rows`,
      what: `the table promises ${table.rows} rows and its files ${sum}`,
      why: 'The rows of the files must add up to those of the table',
      do: 'Correct the number that is wrong',
    });
  return findings;
}

/** https://docs.aws.amazon.com/redshift/latest/dg/limitations-super.html */
function superFindings(table: TableDocument, path: string): Finding[] {
  const documents = new Set(
    table.columns.filter(({ type }) => type.trim().toLowerCase() === 'super').map(({ name }) => foldName(name)),
  );
  if (documents.size === 0) return [];
  const findings: Finding[] = [];
  for (const [place, names] of [
    ['key', table.key],
    ['sortKey', table.sortKey],
    ['distKey', table.distKey === undefined ? [] : [table.distKey]],
  ] as const)
    for (const name of names ?? [])
      if (documents.has(foldName(name)))
        findings.push({
          path: `${path}.${place}`,
          what: `${quoted(name)} is of type super`,
          why: 'Redshift cannot compare, distribute or sort by such values',
          do: 'Choose another column',
        });
  if (table.load === 'merge')
    findings.push({
      path: `${path}.load`,
      what: 'the table has columns of type super',
      why: 'Duplicates of a merge are found by comparing whole rows, and such values cannot be compared',
      do: 'Load with replace or append, and merge in a transform',
    });
  return findings;
}

function fileFindings(table: TableDocument, path: string): Finding[] {
  const findings: Finding[] = [];
  const seen = new Map<string, string>();
  table.files.forEach((file, at) => {
    const here = `${path}.files[${at}].key`;
    const problem = fileKeyProblem(file.key);
    if (problem !== undefined)
      findings.push({ path: here, what: `${quoted(file.key)} cannot be a file of the batch`, ...problem });
    const before = seen.get(file.key);
    if (before !== undefined) findings.push(twice(here, `file ${quoted(file.key)}`, before));
    seen.set(file.key, here);
  });
  return findings;
}

function nameFindings(name: string, path: string): Finding[] {
  const problem = nameProblem(name);
  return problem === undefined ? [] : [{ path, what: `${quoted(name)} cannot be a name`, ...problem }];
}

function typeFindings(text: string, path: string): Finding[] {
  const type = parseColumnType(text);
  return isColumnType(type) ? [] : [{ path, what: `${quoted(text)} is not a type`, why: type.why, do: type.do }];
}

/** The types of a document whose shape is not right, as far as there are any: who corrects it corrects them, too. */
export function columnTypeFindings(document: unknown): Finding[] {
  return entries(document, 'schemas').flatMap(([schema, at]) =>
    entries(schema, 'tables').flatMap(([table, position]) =>
      entries(table, 'columns').flatMap(([column, index]) => {
        const type = valueOf(column, 'type');
        const path = `schemas[${at}].tables[${position}].columns[${index}].type`;
        return typeof type === 'string' && type !== '' ? typeFindings(type, path) : [];
      }),
    ),
  );
}

function entries(value: unknown, key: string): readonly (readonly [unknown, number])[] {
  const list = valueOf(value, key);
  return Array.isArray(list) ? list.map((item: unknown, at) => [item, at] as const) : [];
}

function valueOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}

function noSuchColumn(path: string, name: string, columns: Iterable<string>): Finding {
  const near = nearestName(name, columns);
  return {
    path,
    what: `the table has no column ${quoted(name)}`,
    why: near === undefined ? 'No column has a name like it' : `The nearest column is '${near}'`,
    do: near === undefined ? 'Name a column of the table' : `Write '${near}', or add the column`,
  };
}

function twice(path: string, what: string, before: string): Finding {
  return {
    path,
    what: `${what} is there twice`,
    why: `It is at ${before} already`,
    do: 'Remove or rename one of them; upper and lower case are the same to Redshift',
  };
}
