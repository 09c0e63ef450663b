import type { RunFacts } from './facts.ts';
import { oneLine } from './words.ts';

/** Beside the report. */
export const UNDO_FILE = 'undo.sql';

/** What stands there once a later end of the run has nothing to be taken out. */
export const NOTHING_TO_UNDO = '-- There is nothing to take out: the run has had another end since.\n';

/** Takes out what a run that failed has appended, one transaction a table; undefined where there is nothing to take out. */
export function undoSql({ runId, failure, units }: RunFacts): string | undefined {
  const appended = failure ? units.filter(({ done, undo }) => done && undo) : [];
  if (appended.length === 0) return undefined;
  return [
    `-- Takes the rows of the run ${runId}, which failed, out of the tables again to which it has appended them.`,
    '-- Each transaction changes nothing when it fails: the rows are out already, or rows or files are not what they were.',
    ...appended.flatMap(({ title, table, undo = [] }) => [
      '',
      `-- ${oneLine(table ? `${table.schema}.${table.table}` : title)}`,
      ...['begin', ...undo, 'commit'].map((statement) => `${statement};`),
    ]),
    '',
  ].join('\n');
}
