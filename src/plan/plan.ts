/** What becomes of the rows a table held before: they go, they stay, or those with the same key go. */
export type Load = 'replace' | 'append' | 'merge';

/** What a unit of SQL does to the warehouse, in the order a run works through them. */
export type UnitKind = 'ddl' | 'copy' | 'transform' | 'check' | 'unload';

/** A table as a run names it. Both parts are validated identifiers, folded to lower case, unquoted. */
export interface TableName {
  readonly schema: string;
  readonly table: string;
}

/**
 * What a guard makes sure of. `unit-not-done` failing means the unit is finished; every other one failing is an error of the catalogue:
 * `columns-as-planned` TableDiffers, `files-not-loaded` FilesLoadedBefore, `row-count` and `file-row-counts` RowsDiffer, `keys-unique`
 * KeysNotUnique.
 */
export type GuardKind =
  'unit-not-done' | 'columns-as-planned' | 'files-not-loaded' | 'row-count' | 'file-row-counts' | 'keys-unique';

/**
 * What a `count` statement returns.
 * - `rows`: one row `{ rows }`;
 * - `file-rows`: one row a file `{ file, lines }`, `file` being its URL (Redshift keeps its first 256 bytes);
 * - `offending`: one row `{ offending, example }`: how many rows break the rule, and one of them in words;
 * - `repeated-keys`: a few of the keys shared by rows of the batch that differ, in their own columns.
 */
export type CountKind = 'rows' | 'file-rows' | 'offending' | 'repeated-keys';

/** One statement of a unit, with what a failure of it means to a person. */
export interface UnitStatement {
  /**
   * `lock` waits for other attempts at the same tables; it is first, so that everything after it sees what they committed. `guard` fails
   * on purpose (division by zero) when what it guards does not hold; which one is told by `guards`, never by message text. `work` changes
   * data. `count` returns rows that the run keeps. `ledger` is always last.
   */
  readonly role: 'lock' | 'guard' | 'work' | 'count' | 'ledger';
  /** For people and for the report: "delete the previous batch", "load 8 files", … */
  readonly purpose: string;
  /** Which guard this is, on guards only. */
  readonly guards?: GuardKind;
  /** The table a guard is about, where the unit has several. */
  readonly table?: TableName;
  /** What it counts, on counts only. */
  readonly counts?: CountKind;
  /** File and line of the SQL project the statement comes from: `sql/recommendations/transforms/offer_fit.sql:12`. */
  readonly source?: string;
  /** Exactly what is sent. At most 100 KB. */
  readonly sql: string;
}

/** An object of the work bucket that a unit reads and that must be there before the unit is submitted. */
export interface PlannedObject {
  readonly key: string;
  readonly body: string;
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
  /** How a `copy` brings its rows into the table. */
  readonly load?: Load;
  /** What takes the rows of a `copy` that appends out of the table again, as one transaction; for a person to run. */
  readonly undo?: readonly string[];
  /** Source files of a `copy`, as the COPY manifest names them. */
  readonly files?: readonly PlannedFile[];
  /** Rows the manifest promises for a `copy`. */
  readonly expectedRows?: number;
  /** Rows a `copy` may refuse without failing; absent when none. */
  readonly maxErrors?: number;
  /** Where a `copy`'s COPY manifest goes: a key in the work bucket, and its JSON. */
  readonly copyManifest?: PlannedObject;
  /** The list of a `copy`'s files, when it is too long for a statement and is itself loaded: its COPY manifest and its rows. */
  readonly fileList?: { readonly manifest: PlannedObject; readonly rows: PlannedObject };
  /** What offending rows of a `check` mean. `stop` fails the run; how many there are is in the ledger row's `rows` too. */
  readonly check?: { readonly severity: 'stop' | 'warn'; readonly means: string };
  /** Where an `unload` writes: `s3://bucket/prefix`. Redshift adds `000.csv`, … and, for the list of files, `manifest`. */
  readonly unloadTo?: string;
  /** The SQL project's file this unit comes from, for people: `sql/recommendations/transforms/offer_fit.sql`. */
  readonly source?: string;
}

/** A data file as it was found in the inbox when the run was opened. */
export interface PlannedFile {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  readonly etag: string;
  readonly bytes: number;
  /** When S3 began to take this version, milliseconds since the Unix epoch; absent in a plan that was made offline. */
  readonly arrivedAt?: number;
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

/** What a plan takes from where it runs. */
export interface PlanSettings {
  readonly workBucket: string;
  readonly resultsBucket: string;
  /** In front of `<project>/<runId>/`, ending in a slash unless empty: `results/`. */
  readonly resultsPrefix: string;
  /** The role Redshift reads the inbox and work buckets and writes the results with. */
  readonly redshiftRoleArn: string;
  /** Repeating a run on purpose: `append` then loads files that have been loaded before. */
  readonly loadAgain?: boolean;
}
