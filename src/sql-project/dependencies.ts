import type { Finding } from '../errors/finding.ts';
import { nearestName } from '../manifest/nearest-name.ts';
import type { Check, Contract, Transform, UnloadQuery } from './sql-project.ts';
import { mentioned } from './statement-rules.ts';

/** Everything of a project that has dependencies. */
interface Parts {
  readonly contracts: readonly Contract[];
  readonly transforms: readonly Transform[];
  readonly checks: readonly Check[];
  readonly unload: UnloadQuery | undefined;
}

/** Who creates each table; a table with two creators is a finding. */
export function creators(transforms: readonly Transform[], findings: Finding[]): Map<string, Transform> {
  const found = new Map<string, Transform>();
  for (const transform of transforms)
    for (const table of transform.creates) {
      const other = found.get(table);
      if (other !== undefined && other !== transform)
        findings.push({
          path: transform.file,
          what: `${table} is created twice`,
          why: `${other.file} creates it already`,
          do: 'Let one file create it',
        });
      found.set(table, transform);
    }
  return found;
}

/** Names that exist nowhere, and tables a statement reads without saying so. */
export function dependencyFindings(
  { contracts, transforms, checks, unload }: Parts,
  created: ReadonlyMap<string, Transform>,
): Finding[] {
  const loaded = new Set(contracts.map(({ schema, name }) => `${schema}.${name}`));
  const known = new Set([...loaded, ...created.keys()]);
  const findings: Finding[] = [];
  const readers = [
    ...transforms.map((transform) => ({ ...transform, statements: transform.work })),
    ...checks.map((check) => ({ ...check, creates: [], statements: [check.query] })),
    ...(unload === undefined ? [] : [{ ...unload, creates: [], statements: [unload.query] }]),
  ];
  for (const { file, depends, creates, statements } of readers) {
    for (const name of depends) {
      if (known.has(name)) continue;
      const near = nearestName(name, known);
      findings.push({
        path: file,
        what: `it depends on ${name}, which does not exist`,
        why:
          near === undefined
            ? 'No transform creates it and staging/ does not describe it'
            : `The nearest table is ${near}`,
        do: near === undefined ? 'Correct the name, or describe the table in staging/' : `Write ${near}`,
      });
    }
    for (const statement of statements)
      for (const name of mentioned(statement, known))
        if (!depends.includes(name) && !(creates as readonly string[]).includes(name))
          findings.push({
            path: `${file}:${statement.line}`,
            what: `it reads ${name}`,
            why: "The header's 'depends' does not list it, so it could run before the table is filled",
            do: `Add ${name} to 'depends'`,
          });
  }
  return findings;
}

/** Transforms in an order in which each follows those it depends on; a cycle is a finding that names the files on it. */
export function inOrder(
  transforms: readonly Transform[],
  created: ReadonlyMap<string, Transform>,
  findings: Finding[],
): Transform[] {
  const ordered = new Set<Transform>();
  const open: Transform[] = [];
  const visit = (transform: Transform): void => {
    if (ordered.has(transform)) return;
    const start = open.indexOf(transform);
    if (start >= 0) {
      const files = [...open.slice(start), transform].map(({ file }) => file);
      findings.push({
        path: transform.file,
        what: 'it depends on itself',
        why: `The way round is ${files.join(' -> ')}`,
        do: 'Break the circle: split one of these files',
      });
      return;
    }
    open.push(transform);
    for (const before of predecessors(transform, created)) visit(before);
    open.pop();
    ordered.add(transform);
  };
  for (const transform of transforms) visit(transform);
  return [...ordered];
}

/** The transforms that must have finished before this one. */
export function predecessors(transform: Transform, created: ReadonlyMap<string, Transform>): Transform[] {
  return [...new Set(transform.depends.flatMap((name) => created.get(name) ?? []))];
}
