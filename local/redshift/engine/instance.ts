import { mkdirSync, rmSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { createCatalogueAnswers, type CatalogueAnswers } from './catalogue-answers.ts';
import type { Dialect } from './dialect-port.ts';
import type { EngineOptions } from './settings.ts';

/** A DuckDB with the dialect's macros, no database attached. */
export interface Instance {
  readonly duckdb: DuckDBInstance;
  close(): void;
}

/** `spillDirectory` is where operators spill beyond the memory limit; without one nothing spills. */
export async function openInstance(
  dialect: Dialect,
  settings: EngineOptions,
  spillDirectory: string | undefined,
): Promise<Instance> {
  const options: Record<string, string> = {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_identifier_case: 'false',
    // A transaction sees every database as it was when it began, not when it was first looked at.
    immediate_transaction_mode: 'true',
    // Each group of rows is written as soon as it is full, while it is in the processor's cache; five by five cost more of everything.
    write_buffer_row_group_count: '1',
  };
  if (settings.threads !== undefined) options['threads'] = String(settings.threads);
  if (settings.memoryLimit !== undefined) options['memory_limit'] = settings.memoryLimit;
  if (spillDirectory !== undefined) {
    // What a process that was killed left there is of no use to anybody.
    rmSync(spillDirectory, { recursive: true, force: true });
    mkdirSync(spillDirectory, { recursive: true });
    options['temp_directory'] = spillDirectory;
    if (settings.spillLimit !== undefined) options['max_temp_directory_size'] = settings.spillLimit;
  }
  const duckdb = await DuckDBInstance.create(':memory:', options);
  const connection = await duckdb.connect();
  try {
    await dialect.prepareInstance(connection);
  } finally {
    connection.closeSync();
  }
  return { duckdb, close: () => duckdb.closeSync() };
}

/**
 * Instances that are used again: opening one with all macros takes some 50 ms, a simulation opens twenty clusters a second.
 * Whoever gives an instance back has detached its databases.
 */
export interface InstancePool {
  take(): Instance | undefined;
  giveBack(instance: Instance): void;
  /** What the catalogues of warehouses with nothing on disk answered: they all begin alike. */
  readonly answers: CatalogueAnswers;
  close(): void;
}

/** Instances kept for use at most; more are closed when given back. */
const LARGEST_POOL = 8;

export function createInstancePool(): InstancePool {
  const idle: Instance[] = [];
  return {
    answers: createCatalogueAnswers(),
    take: () => idle.pop(),
    giveBack: (instance) => {
      if (idle.length < LARGEST_POOL) idle.push(instance);
      else instance.close();
    },
    close: () => {
      for (const instance of idle.splice(0)) instance.close();
    },
  };
}
