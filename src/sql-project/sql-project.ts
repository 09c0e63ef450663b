import type { ColumnType } from '../manifest/column-type.ts';
import type { Token } from '../redshift-sql/lexer.ts';

/** One statement of a file, as written but for the header and the semicolon. */
export interface SqlStatement {
  /** `sql/recommendations/transforms/offer_fit.sql`. */
  readonly file: string;
  /** Line the statement starts at, from 1. */
  readonly line: number;
  readonly sql: string;
  readonly tokens: readonly Token[];
  /** The comment right above the statement, or what it does: "insert into mart.offer_fit". */
  readonly purpose: string;
}

/** A column a transform counts on. Length and precision are the manifest's business. */
export interface ContractColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly line: number;
}

/** A table the manifest must bring, with at least these columns. */
export interface Contract {
  readonly file: string;
  readonly schema: string;
  readonly name: string;
  readonly grain: string;
  readonly columns: readonly ContractColumn[];
}

export interface Transform {
  /** The file's name without `.sql`. */
  readonly name: string;
  readonly file: string;
  /** What one row of the result is. */
  readonly grain: string;
  /** What running it again does. */
  readonly rerun: string;
  /** Tables it reads, `schema.table`. */
  readonly depends: readonly string[];
  /** Tables it writes, `schema.table`; no other transform writes them. */
  readonly creates: readonly string[];
  /** Its `create schema | table if not exists`: they run before anything is loaded. */
  readonly definitions: readonly SqlStatement[];
  /** The rest: one transaction. */
  readonly work: readonly SqlStatement[];
}

export interface Check {
  readonly name: string;
  readonly file: string;
  /** Whether offending rows stop the run or are only reported. */
  readonly severity: 'stop' | 'warn';
  /** What it means when there are any, for the person who reads the e-mail. */
  readonly means: string;
  readonly depends: readonly string[];
  /** Returns one row for each offence, with a column `offending` that names it in words. */
  readonly query: SqlStatement;
}

export interface UnloadQuery {
  readonly file: string;
  readonly grain: string;
  readonly depends: readonly string[];
  readonly query: SqlStatement;
}

/** A folder under `sql/`, read and checked. Transforms are in an order in which each comes after those it depends on. */
export interface SqlProject {
  readonly name: string;
  /** The question it answers, for people. */
  readonly title: string;
  /** Name of the result without extension, unless the manifest gives one. */
  readonly result: string;
  readonly contracts: readonly Contract[];
  readonly transforms: readonly Transform[];
  readonly checks: readonly Check[];
  readonly unload: UnloadQuery;
}

/** Values a SQL file may ask for, as `:name`. `batch_date` is the date the batch's name starts with. */
export const PARAMETERS = ['run_id', 'project', 'batch', 'batch_date'] as const;
export type Parameter = (typeof PARAMETERS)[number];
