import type { Projects } from '../../src/run/planner.ts';

/** Milliseconds that each statement of a run takes on the cluster. */
export interface StatementTrace {
  readonly name: string;
  /** One file and one COPY a table. */
  readonly copies: readonly number[];
  /** Transforms, wave by wave. */
  readonly transforms: readonly (readonly number[])[];
  readonly checks: readonly number[];
  readonly unload: number;
}

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;

/** Creating tables, and looking something up in the ledger. */
const SMALL_STATEMENT_MS = 400;

/** A park-miller sequence in (0, 1): the traces are the same everywhere. https://en.wikipedia.org/wiki/Lehmer_random_number_generator */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Spread evenly by magnitude, as statements of a warehouse are: as many between 1 and 10 as between 10 and 100. */
function magnitudes(count: number, from: number, to: number, random: () => number): number[] {
  return Array.from({ length: count }, () => Math.round(from * (to / from) ** random()));
}

/** Ten of 1 to 10 seconds. */
function tenShort(): StatementTrace {
  const random = sequence(10);
  return {
    name: '10 short',
    copies: magnitudes(5, SECOND, 10 * SECOND, random),
    transforms: [magnitudes(2, SECOND, 10 * SECOND, random), magnitudes(1, SECOND, 10 * SECOND, random)],
    checks: magnitudes(1, SECOND, 10 * SECOND, random),
    unload: 3 * SECOND,
  };
}

/** Sixty from 2 seconds to 40 minutes. */
function sixtyMixed(): StatementTrace {
  const random = sequence(60);
  return {
    name: '60 mixed',
    copies: magnitudes(40, 2 * SECOND, 20 * MINUTE, random),
    transforms: [5, 4, 3, 2].map((count) => magnitudes(count, 5 * SECOND, 40 * MINUTE, random)),
    checks: magnitudes(5, SECOND, 30 * SECOND, random),
    unload: 50 * SECOND,
  };
}

const oneDay = (): StatementTrace => ({
  name: '1 of 24 hours',
  copies: [2 * SECOND],
  // The Data API ends a statement after 24 hours; this one just makes it.
  transforms: [[24 * HOUR - MINUTE - 17 * SECOND]],
  checks: [SECOND],
  unload: SECOND,
});

const thousandsOfTables = (tables: number): StatementTrace => ({
  name: `${tables} tables`,
  copies: magnitudes(tables, SECOND, 2 * MINUTE, sequence(tables)),
  transforms: [[30 * SECOND]],
  checks: [2 * SECOND],
  unload: 10 * SECOND,
});

export const TRACES: readonly StatementTrace[] = [tenShort(), sixtyMixed(), oneDay(), thousandsOfTables(2_000)];

const tableName = (at: number): string => `t${String(at).padStart(4, '0')}`;

/** The SQL project whose statements the trace times. */
export function projectOf(trace: StatementTrace): Projects {
  const files = new Map([['project.json', JSON.stringify({ title: 'A trace', result: 'answer' })]]);
  files.set('staging/t0000.sql', '-- grain: one row an id\ncreate table staging.t0000 (\n  id integer\n);\n');
  trace.transforms.forEach((wave, at) => {
    wave.forEach((_duration, within) => {
      const [name, before] = [`w${at}_${within}`, at === 0 ? 'staging.t0000' : `mart.w${at - 1}_0`];
      files.set(
        `transforms/${name}.sql`,
        `-- grain: one row an id\n-- depends: ${before}\n-- creates: mart.${name}\n-- rerun: replaces all rows\n` +
          `create schema if not exists mart;\ncreate table if not exists mart.${name} (id integer);\n` +
          `delete from mart.${name};\ninsert into mart.${name} select id from ${before};\n`,
      );
    });
  });
  const last = `mart.w${trace.transforms.length - 1}_0`;
  trace.checks.forEach((_duration, at) => {
    files.set(
      `checks/c${at}.sql`,
      `-- severity: stop\n-- depends: ${last}\n-- means: An id is missing\nselect 'an id' as offending from ${last} where id is null;\n`,
    );
  });
  files.set(
    'unload.sql',
    `-- grain: one row an id\n-- depends: ${last}\n-- rerun: writes the same again\nselect id from ${last} order by id;\n`,
  );
  return { names: () => ['trace'], files: () => files };
}

/** A manifest with `filesATable` files for each table of the trace, and the keys of them all. */
export function batchOf(
  trace: StatementTrace,
  filesATable = 1,
): { readonly manifest: string; readonly keys: readonly string[] } {
  const tables = trace.copies.map((_duration, at) => ({
    name: tableName(at),
    columns: [{ name: 'id', type: 'integer' }],
    files: Array.from({ length: filesATable }, (_, file) => ({ key: `${tableName(at)}/${file}.csv` })),
  }));
  return {
    manifest: JSON.stringify({ version: 1, project: 'trace', batch: 'trace', schemas: [{ name: 'staging', tables }] }),
    keys: tables.flatMap(({ files }) => files.map(({ key }) => key)),
  };
}

/** The time of a unit, by its id. */
export function durationIn(trace: StatementTrace): (unit: string) => number {
  return (unit) => {
    const numbers = unit.match(/\d+/g)?.map(Number) ?? [];
    const [first = 0, second = 0] = numbers;
    if (unit.startsWith('copy-')) return trace.copies[first] ?? 0;
    if (unit.startsWith('transform-')) return trace.transforms[first]?.[second] ?? 0;
    if (unit.startsWith('check-')) return trace.checks[first] ?? 0;
    return unit.startsWith('unload') ? trace.unload : SMALL_STATEMENT_MS;
  };
}

/**
 * The time the cluster is needed if following statements took no time at all: each wave's statements, in order, on as many places as the
 * machines have.
 */
export function criticalPathMs(
  waves: readonly (readonly string[])[],
  durationOf: (unit: string) => number,
  places = 20,
): number {
  return waves.reduce((path, units) => {
    const free = Array.from({ length: places }, () => 0);
    for (const unit of units) {
      const soonest = free.indexOf(Math.min(...free));
      free[soonest] = (free[soonest] ?? 0) + durationOf(unit);
    }
    return path + Math.max(...free);
  }, 0);
}
