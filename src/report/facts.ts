import type { Finding } from '../errors/finding.ts';
import type { Whereabouts } from '../errors/sluice-error.ts';
import type { Load, TableName, UnitKind } from '../plan/plan.ts';

/** What went wrong, in the words of the catalogue and of the case. */
export interface ReportedFailure {
  readonly code: string;
  readonly message: string;
  readonly why: string;
  readonly next: string;
  readonly where: Whereabouts;
  readonly findings: readonly Finding[];
}

/** A unit of the plan, with what it left behind if it is committed. */
export interface ReportedUnit {
  readonly id: string;
  readonly kind: UnitKind;
  readonly title: string;
  readonly table?: TableName;
  readonly source?: string;
  readonly load?: Load;
  /** What takes out again what it appended. */
  readonly undo?: readonly string[];
  readonly files: number;
  readonly bytes: number;
  readonly expectedRows?: number;
  readonly check?: { readonly severity: 'stop' | 'warn'; readonly means: string };
  /** The run that has written the table after this one. */
  readonly writtenSince?: { readonly runId: string; readonly batch: string };
  readonly done?: {
    readonly submittedAt?: number;
    readonly finishedAt: number;
    readonly durationMs?: number;
    readonly rows?: number;
    /** Rows COPY refused, as the manifest allows. */
    readonly refused?: number;
    readonly offending?: number;
    readonly example?: string;
  };
}

export interface ReportedFile {
  readonly key: string;
  readonly bytes: number;
}

export interface LoadErrorLine {
  readonly file: string;
  readonly line: number;
  readonly column: string;
  readonly type: string;
  readonly value: string;
  readonly reason: string;
}

/** Rows of a table that COPY refused without failing. */
export interface RefusedRows {
  readonly table: string;
  readonly rows: number;
  /** The first of them. */
  readonly lines: readonly LoadErrorLine[];
}

/** When the run reached its stations, milliseconds since the Unix epoch. */
export interface Marks {
  readonly started?: number;
  readonly opened?: number;
  readonly acquired?: number;
  readonly worked?: number;
  readonly released?: number;
}

/** Everything a report is made of. */
export interface RunFacts {
  readonly runId: string;
  readonly execution: string;
  readonly redrive: number;
  /** Absent when the manifest could not be read. */
  readonly project?: string;
  readonly batch?: string;
  readonly manifest?: { readonly bucket: string; readonly key: string; readonly version: string };
  readonly afterRun?: 'delete' | 'pause' | 'keep';
  readonly size: { readonly nodeType: string; readonly nodes: number };
  readonly units: readonly ReportedUnit[];
  readonly marks: Marks;
  readonly now: number;
  readonly failure?: ReportedFailure;
  /** Whether another run may have written the tables since, which nobody could see. */
  readonly heldBefore?: true;
  readonly releaseFailure?: ReportedFailure;
  /** Lines COPY refused, of the unit that failed. */
  readonly loadErrors: readonly LoadErrorLine[];
  /** The first rows that were refused and allowed to be, by table. */
  readonly refused: readonly RefusedRows[];
  readonly resultsBucket: string;
  /** Where the answer and the report are, ending in a slash. */
  readonly resultsPrefix: string;
  readonly workBucket: string;
  readonly answer: readonly ReportedFile[];
}
