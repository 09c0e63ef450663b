import type { Frame } from '../run/frame.ts';
import type { History, Trail } from '../run/history.ts';
import type { Scope } from '../run/scope.ts';
import type { ExecutionRecord } from './record.ts';

/** An execution that is running in this process. */
export interface LiveExecution {
  readonly record: ExecutionRecord;
  readonly history: History;
  readonly frame: Frame;
  readonly trail: Trail;
  readonly scope: Scope;
  readonly ended: Promise<void>;
  /** Events there were before this run of the execution. */
  readonly begunAt: number;
}
