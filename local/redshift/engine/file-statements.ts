import { join } from 'node:path';
import type { Cloud } from '../../kernel/index.ts';
import { unsupported } from '../dialect/index.ts';
import type { LoadEnvironment, ObjectFiles } from '../load/ports.ts';
import { runCopy } from '../load/run-copy.ts';
import { redshiftDialect } from './redshift-dialect.ts';
import type { FileStatement } from './session.ts';

/** COPY and UNLOAD as sessions run them, over the cloud's object store. */
export function fileStatements(
  cloud: Cloud,
  objects: ObjectFiles,
): { readonly runCopy: FileStatement; readonly runUnload: FileStatement } {
  const environment = async ({
    session,
    execution,
    restart,
  }: Parameters<FileStatement>[1]): Promise<LoadEnvironment> => ({
    connection: session.connection,
    log: await session.log(),
    objects,
    now: () => cloud.clock.now(),
    query: {
      queryId: execution.queryId,
      pid: session.pid,
      transactionId: execution.queryId,
      userId: FIRST_USER,
      database: session.database,
    },
    signal: execution.signal,
    directory: join(cloud.directory, 'redshift-work'),
    translateQuery: (sql) => {
      const translation = redshiftDialect.translate(sql);
      const [step] = translation.kind === 'run' && typeof translation.steps !== 'function' ? translation.steps : [];
      if (!step) throw unsupported('this query in UNLOAD');
      return step.sql;
    },
    ...(restart && { restart }),
  });
  return {
    runCopy: async (sql, context) => runCopy(sql, await environment(context)),
    runUnload: () => Promise.reject(unsupported('UNLOAD')),
  };
}

/** The id of the first user made, the admin: https://docs.aws.amazon.com/redshift/latest/dg/r_PG_USER_INFO.html */
const FIRST_USER = 100;
