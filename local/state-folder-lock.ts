import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Two processes on one folder would each overwrite what the other keeps. */
export class StateFolderInUse extends Error {
  override readonly name = 'StateFolderInUse';
  readonly directory: string;

  constructor(directory: string, options: ErrorOptions) {
    super(
      `Another local cloud is running on ${directory}. Stop that one first, or start this one on a folder of its own.`,
      options,
    );
    this.directory = directory;
  }
}

/**
 * Takes the folder for this cloud. The lock is SQLite's own lock on a file, so it ends with the process however that ends:
 * there is no stale lock to clear by hand.
 * @throws StateFolderInUse
 */
export function lockFolder(directory: string): { release(): void } {
  const db = new DatabaseSync(join(directory, 'lock.sqlite'));
  try {
    db.exec('pragma busy_timeout = 0; pragma locking_mode = exclusive; begin exclusive');
  } catch (error) {
    db.close();
    throw new StateFolderInUse(directory, { cause: error });
  }
  return { release: () => db.close() };
}
