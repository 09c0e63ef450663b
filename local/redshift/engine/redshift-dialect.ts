import { prepareDatabase, prepareInstance, prepareSession, RedshiftError, SQLSTATE, translate } from '../dialect/index.ts';
import type { Dialect } from './dialect-port.ts';

/** Redshift's dialect, as the engine asks for it. */
export const redshiftDialect: Dialect = {
  prepareInstance,
  prepareDatabase,
  prepareSession,
  translate,
  failure: (error) => {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return Object.assign(error, { code: error.code });
    return new RedshiftError(SQLSTATE.internal, error instanceof Error ? error.message : String(error), { cause: error });
  },
};
