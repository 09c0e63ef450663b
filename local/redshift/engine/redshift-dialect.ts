import {
  prepareDatabase,
  prepareInstance,
  prepareSession,
  RedshiftError,
  SQLSTATE,
  translate,
} from '../dialect/index.ts';
import type { Dialect } from './dialect-port.ts';

/** Redshift's dialect, as the engine asks for it. */
export const redshiftDialect: Dialect = {
  prepareInstance,
  prepareDatabase,
  prepareSession,
  translate,
  failure: (error) => {
    const { message, code } = error as { readonly message?: unknown; readonly code?: unknown };
    if (error instanceof RedshiftError || typeof code === 'string') return error as RedshiftError;
    return new RedshiftError(SQLSTATE.internal, typeof message === 'string' ? message : String(error), {
      cause: error,
    });
  },
};
