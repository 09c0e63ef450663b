import type { SqlFailure } from './dialect-port.ts';
import type { Deadlock } from './table-locks.ts';

/** A failure the engine itself finds, in Redshift's words. */
export class EngineFailure extends Error implements SqlFailure {
  override readonly name = 'EngineFailure';
  readonly code: string;
  readonly position = undefined;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export function aborted(): EngineFailure {
  return new EngineFailure('25P02', 'current transaction is aborted, commands ignored until end of transaction block');
}

export function insideTransaction(command: string): EngineFailure {
  return new EngineFailure('25001', `${command} cannot run inside a transaction block`);
}

/** https://docs.aws.amazon.com/redshift/latest/dg/stored-procedure-constraints.html */
export function insideProcedure(command: string): EngineFailure {
  return new EngineFailure('25001', `${command} cannot be executed from a procedure`);
}

export function outsideTransaction(command: string): EngineFailure {
  return new EngineFailure('25P01', `${command} may only be used in transaction blocks`);
}

/** https://docs.aws.amazon.com/redshift/latest/dg/r_USE_command.html */
export function usedTooLate(): EngineFailure {
  return new EngineFailure('25001', 'USEd Database cannot be set or reset inside a transaction after another command.');
}

export function nulByte(): EngineFailure {
  return new EngineFailure('22021', 'invalid byte sequence for encoding "UTF8": 0x00');
}

export function noDatabase(database: string): EngineFailure {
  return new EngineFailure('3D000', `database "${database}" does not exist`);
}

export function databaseExists(database: string): EngineFailure {
  return new EngineFailure('42P04', `database "${database}" already exists`);
}

export function databaseInUse(database: string): EngineFailure {
  return new EngineFailure('55006', `database "${database}" is being accessed by other users`);
}

export function reservedDatabase(database: string): EngineFailure {
  return new EngineFailure(
    '42939',
    `"${database}" cannot be the name of a database here: it is reserved or not a plain identifier`,
  );
}

export function deadlock({ table, pids }: Deadlock): EngineFailure {
  return new EngineFailure('40P01', `deadlock detected on ${table} between processes ${pids.join(', ')}`);
}

/** https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation-serializable-isolation-troubleshooting.html */
export function serializable(table: string, pid: number): EngineFailure {
  return new EngineFailure(
    '1023',
    `1023\nDetail: Serializable isolation violation on table - ${table}, transactions forming the cycle are: ${pid} (pid:${pid})`,
  );
}

/** Another transaction changed the same rows or the same table after this one began. DuckDB has no code for it but this wording. */
export function isConflict(error: unknown): boolean {
  const { message } = error as { readonly message?: unknown };
  return typeof message === 'string' && /[Cc]onflict on |write-write conflict|Transaction conflict/.test(message);
}
