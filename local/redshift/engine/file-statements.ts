import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '../../kernel/index.ts';
import { unsupported } from '../dialect/index.ts';
import { runCopy, runUnload, type LoadEnvironment, type ObjectFiles } from '../load/index.ts';
import { redshiftDialect } from './redshift-dialect.ts';
import type { FileStatement } from './session.ts';
import { ADMIN_USER_ID } from './statement-history.ts';

/** COPY and UNLOAD as sessions run them, over the cloud's object store. */
export function fileStatements(
  cloud: Cloud,
  objects: ObjectFiles,
): { readonly runCopy: FileStatement; readonly runUnload: FileStatement } {
  const directory = join(cloud.directory, 'redshift-work');
  // What a process that was killed left of its COPYs and UNLOADs.
  rmSync(directory, { recursive: true, force: true });
  const environment = async ({
    session,
    execution,
    restart,
    inAnyOrder,
  }: Parameters<FileStatement>[1]): Promise<LoadEnvironment> => ({
    connection: session.connection,
    log: await session.log(),
    keep: session.history.keep,
    remember: async (variables) => session.history.remember(session, variables),
    objects,
    now: () => cloud.clock.now(),
    query: {
      queryId: execution.queryId,
      pid: session.pid,
      transactionId: execution.queryId,
      userId: ADMIN_USER_ID,
      database: session.database,
    },
    signal: execution.signal,
    directory,
    translateQuery: async (sql) => {
      const translation = redshiftDialect.translate(sql, session.cases);
      if (translation.kind !== 'run' || translation.command !== 'SELECT')
        throw unsupported(`${translation.command} in UNLOAD`);
      const steps = typeof translation.steps === 'function' ? await translation.steps(session) : translation.steps;
      for (const step of steps.slice(0, -1)) await session.connection.run(step.sql);
      return steps.at(-1) ?? { sql: '', originalOffset: (offset) => offset };
    },
    inAnyOrder,
    ...(restart && { restart }),
  });
  return {
    runCopy: async (sql, context) => runCopy(sql, await environment(context)),
    runUnload: async (sql, context) => runUnload(sql, await environment(context)),
  };
}
