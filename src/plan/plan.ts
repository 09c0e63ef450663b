/** What a unit of SQL does to the warehouse, in the order a run works through them. */
export type UnitKind = 'ddl' | 'copy' | 'transform' | 'check' | 'unload';

/** A table as a run names it. Both parts are validated identifiers, unquoted. */
export interface TableName {
  readonly schema: string;
  readonly table: string;
}

/** One statement of a unit, with what a failure of it means to a person. */
export interface UnitStatement {
  /**
   * `work` changes data. `guard` fails on purpose (division by zero) when the unit is already in the ledger or a reconciliation does not
   * hold; which one is told by `purpose`, never by message text. `count` returns one row that the run keeps. `ledger` is always last.
   */
  readonly role: 'guard' | 'work' | 'count' | 'ledger';
  /** For people and for the report: "delete the previous batch", "load 8 files", … */
  readonly purpose: string;
  /** Which guard this is, on guards only. */
  readonly guards?: 'unit-not-done' | 'files-not-loaded' | 'row-count' | 'data-check';
  /** Exactly what is sent. At most 100 KB. */
  readonly sql: string;
}

/**
 * The smallest thing a run does: one `BatchExecuteStatement`, so one transaction, whose last statement writes the unit's ledger row.
 * A unit's id is stable for the same manifest and project; it is made of `[a-z0-9-]`, at most 64 characters.
 */
export interface Unit {
  readonly id: string;
  readonly kind: UnitKind;
  /** "load staging.usage", "transform customer_profile". */
  readonly title: string;
  /** The table the unit writes, if one. */
  readonly table?: TableName;
  /** At most 40, in order. */
  readonly statements: readonly UnitStatement[];
  /** Ids of units of the same phase that must have finished before. */
  readonly dependsOn: readonly string[];
  /** Source files of a `copy`, as the COPY manifest names them. */
  readonly files?: readonly PlannedFile[];
  /** Rows the manifest promises for a `copy`. */
  readonly expectedRows?: number;
  /** Where a `copy`'s COPY manifest goes: a key in the work bucket, and its JSON. */
  readonly copyManifest?: { readonly key: string; readonly body: string };
  /** Where an `unload` writes: `s3://bucket/prefix`. */
  readonly unloadTo?: string;
  /** File and line of the SQL project this unit comes from, for people: `sql/recommendations/transforms/offer_fit.sql`. */
  readonly source?: string;
}

/** A data file as it was found in the inbox when the run was opened. */
export interface PlannedFile {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  readonly etag: string;
  readonly bytes: number;
  /** Rows the manifest promises for this file. */
  readonly rows?: number;
}

/** Phases in order. Waves of a phase follow one another; units of a wave may run side by side. */
export const PHASES = ['tables', 'copies', 'transforms', 'checks', 'unload'] as const;
export type Phase = (typeof PHASES)[number];

/** Everything a run will send, and nothing that depends on when or where it runs beyond its settings. */
export interface Plan {
  readonly version: 1;
  readonly runId: string;
  readonly project: string;
  readonly batch: string;
  readonly units: readonly Unit[];
  /** Unit ids. */
  readonly waves: Readonly<Record<Phase, readonly (readonly string[])[]>>;
}
