import * as z from 'zod';
import { type Finding, describeFinding } from '../errors/finding.ts';
import { ProjectInvalid } from '../errors/errors.ts';
import { scanJson } from '../manifest/json-text.ts';
import { shapeFindings } from '../manifest/shape-findings.ts';
import { readContract } from './contract.ts';
import { creators, dependencyFindings, inOrder } from './dependencies.ts';
import { type HeaderKeys, type SqlFile, readSqlFile, tableList } from './sql-file.ts';
import type { Check, SqlProject, Transform, UnloadQuery } from './sql-project.ts';
import { headOf, queryFindings, workFindings } from './statement-rules.ts';

const projectDocument = z.strictObject({
  title: z.string().min(1).max(200),
  result: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/),
});

const HEADERS = {
  staging: { required: ['grain'] },
  transforms: { required: ['grain', 'depends', 'creates', 'rerun'] },
  checks: { required: ['severity', 'depends', 'means'] },
  unload: { required: ['grain', 'depends', 'rerun'] },
} as const satisfies Readonly<Record<string, HeaderKeys>>;

/** Statements a unit adds around a transform's own: locks, guard, count, ledger. */
const AROUND_A_TRANSFORM = 6;
const STATEMENTS_A_BATCH = 40;

/**
 * Reads a SQL project from the texts of its files, by path below `sql/<name>/` (`transforms/offer_fit.sql`). Throws ProjectInvalid with
 * every finding at once, each with file and line.
 */
export function loadProject(name: string, files: ReadonlyMap<string, string>): SqlProject {
  const findings: Finding[] = [];
  const folder = new ProjectFiles(name, files, findings);
  const settings = folder.settings();
  const contracts = folder.read('staging', (source) => readContract(source, findings));
  const transforms = folder.read('transforms', (source) => readTransform(source, findings));
  const checks = folder.read('checks', (source) => readCheck(source, findings));
  const [unload] = folder.read('unload', (source) => readUnload(source, findings));
  if (!files.has('unload.sql'))
    findings.push({
      path: `sql/${name}/unload.sql`,
      what: 'the file is missing',
      why: 'It is the query whose rows are the answer',
      do: 'Add it',
    });
  for (const path of files.keys())
    if (!/^(project\.json|unload\.sql|README\.md|(staging|transforms|checks)\/[a-z][a-z0-9_]*\.sql)$/.test(path))
      findings.push({
        path: `sql/${name}/${path}`,
        what: 'this file has no place in a SQL project',
        why: 'There are project.json, unload.sql, README.md and .sql files with plain lower-case names in staging/, transforms/ and checks/',
        do: 'Rename or remove it',
      });
  const created = creators(transforms, findings);
  findings.push(...dependencyFindings({ contracts, transforms, checks, unload }, created));
  const ordered = inOrder(transforms, created, findings);
  if (findings.length > 0 || unload === undefined || settings === undefined) throw invalid(name, findings);
  return { name, ...settings, contracts, transforms: ordered, checks, unload };
}

function invalid(name: string, findings: readonly Finding[]): ProjectInvalid {
  const [first] = findings;
  const more = findings.length > 1 ? ` And ${findings.length - 1} more.` : '';
  return new ProjectInvalid(
    `The SQL project '${name}' cannot be run. ${first === undefined ? '' : describeFinding(first)}${more}`,
    {
      findings,
      where: first === undefined ? {} : { file: first.path },
    },
  );
}

class ProjectFiles {
  readonly #name: string;
  readonly #files: ReadonlyMap<string, string>;
  readonly #findings: Finding[];

  constructor(name: string, files: ReadonlyMap<string, string>, findings: Finding[]) {
    this.#name = name;
    this.#files = files;
    this.#findings = findings;
  }

  settings(): z.output<typeof projectDocument> | undefined {
    const path = `sql/${this.#name}/project.json`;
    const text = this.#files.get('project.json');
    const { problem } = scanJson(text ?? '');
    if (text === undefined || problem !== undefined) {
      this.#findings.push({
        path: text === undefined || problem === undefined ? path : `${path}:${problem.line}`,
        what: text === undefined ? 'the file is missing' : 'this is not JSON',
        why: 'It holds the title of the project and the name of its result',
        do: 'Write { "title": "…", "result": "…" }',
      });
      return undefined;
    }
    const document = JSON.parse(text) as unknown;
    const read = projectDocument.safeParse(document);
    if (read.success) return read.data;
    for (const finding of shapeFindings(read.error.issues, projectDocument, document))
      this.#findings.push({ ...finding, path: `${path} ${finding.path}` });
    return undefined;
  }

  /** Every file of a folder, in the order of their names, read with the header that folder's files have. */
  read<Part>(folder: keyof typeof HEADERS, part: (source: SqlFile) => Part | undefined): Part[] {
    const mine = [...this.#files].filter(
      ([path]) => path === `${folder}.sql` || (path.startsWith(`${folder}/`) && path.endsWith('.sql')),
    );
    return mine
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .flatMap(([path, text]) => {
        const source = readSqlFile(`sql/${this.#name}/${path}`, text, HEADERS[folder], this.#findings);
        const found = source === undefined ? undefined : part(source);
        return found === undefined ? [] : [found];
      });
  }
}

function baseName(file: string): string {
  return file.replace(/^.*\//, '').replace(/\.sql$/, '');
}

function readTransform(source: SqlFile, findings: Finding[]): Transform {
  const { file, header } = source;
  const creates = tableList(file, header.get('creates'), findings);
  const definitions = source.statements.filter((statement) => headOf(statement).definition !== undefined);
  const work = source.statements.filter((statement) => headOf(statement).definition === undefined);
  const defined = new Set(definitions.map((statement) => headOf(statement).target));
  for (const table of creates)
    if (!defined.has(table))
      findings.push({
        path: `${file}:${header.get('creates')?.line ?? 1}`,
        what: `${table} is not defined`,
        why: 'The table must be there before the unit starts, so that two attempts of it can wait for each other',
        do: `Add 'create table if not exists ${table} (…)'`,
      });
  for (const statement of definitions) {
    const { definition, target } = headOf(statement);
    if (definition === 'table' && !creates.includes(target ?? ''))
      findings.push({
        path: `${file}:${statement.line}`,
        what: `this defines ${target}`,
        why: "The header's 'creates' does not list it",
        do: `Add ${target} to 'creates'`,
      });
  }
  for (const statement of work) findings.push(...workFindings(statement, creates));
  if (work.length === 0)
    findings.push({
      path: file,
      what: 'the file fills no table',
      why: 'A transform inserts, updates, merges or deletes',
      do: 'Add a statement',
    });
  if (work.length + AROUND_A_TRANSFORM > STATEMENTS_A_BATCH)
    findings.push({
      path: file,
      what: `the file has ${work.length} statements`,
      why: `A unit is one batch of at most ${STATEMENTS_A_BATCH}, with what the service adds`,
      do: 'Split it over several files',
    });
  return {
    name: baseName(file),
    file,
    grain: header.get('grain')?.text ?? '',
    rerun: header.get('rerun')?.text ?? '',
    depends: tableList(file, header.get('depends'), findings),
    creates,
    definitions,
    work,
  };
}

function readCheck(source: SqlFile, findings: Finding[]): Check | undefined {
  const { file, header } = source;
  const severity = header.get('severity');
  if (severity !== undefined && severity.text !== 'stop' && severity.text !== 'warn')
    findings.push({
      path: `${file}:${severity.line}`,
      what: `'${severity.text}' is not a severity`,
      why: 'A check either stops the run or warns',
      do: "Write 'stop' or 'warn'",
    });
  const query = onlyQuery(source, 'check', findings);
  if (query === undefined) return undefined;
  return {
    name: baseName(file),
    file,
    severity: severity?.text === 'warn' ? 'warn' : 'stop',
    means: header.get('means')?.text ?? '',
    depends: tableList(file, header.get('depends'), findings),
    query,
  };
}

function readUnload(source: SqlFile, findings: Finding[]): UnloadQuery | undefined {
  const query = onlyQuery(source, 'unload', findings);
  if (query === undefined) return undefined;
  const { file, header } = source;
  return {
    file,
    grain: header.get('grain')?.text ?? '',
    depends: tableList(file, header.get('depends'), findings),
    query,
  };
}

function onlyQuery(source: SqlFile, use: 'check' | 'unload', findings: Finding[]) {
  const [query, ...more] = source.statements;
  if (query === undefined || more.length > 0) {
    findings.push({
      path: source.file,
      what: `the file has ${source.statements.length} statements`,
      why: 'It holds one query',
      do: query === undefined ? 'Write it' : 'Keep one',
    });
    return undefined;
  }
  findings.push(...queryFindings(query, use));
  return query;
}
