import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance, version, type DuckDBConnection } from '@duckdb/node-api';
import { literal } from '../dialect/lexer.ts';

/** A database that is made once and only read from then on. */
export interface ImageContent {
  /** The name it is attached under: what is in it may say so. */
  readonly name: string;
  /** What each instance runs before it is attached. */
  readonly settings: readonly string[];
  /** What it is made with. */
  readonly statements: readonly string[];
}

/**
 * Attaches `content` to an instance that has its settings. DuckDB binds each macro and view that it makes, which takes ten times as long as
 * reading them from a file: so the file is kept in `folder`, one for each content and DuckDB, and made where it is missing or damaged.
 * Where no file can be kept, every instance makes its own in memory.
 */
export async function attachImage(
  connection: DuckDBConnection,
  content: ImageContent,
  folder: string | undefined = cacheFolder(),
): Promise<void> {
  const attach = (file: string): Promise<unknown> =>
    connection.run(`ATTACH ${literal(file)} AS ${content.name} (READ_ONLY)`);
  if (folder !== undefined) {
    const file = join(folder, `${digestOf(content)}${EXTENSION}`);
    if (existsSync(file) && (await succeeds(attach(file)))) return;
    if ((await succeeds(keep(file, content))) && (await succeeds(attach(file)))) return;
  }
  await connection.run(`ATTACH ':memory:' AS ${content.name}; ${content.statements.join(';\n')}`);
}

const EXTENSION = '.duckdb';

/** Makes the file, complete before it has its name: others may make the same at the same time. Those of other contents go. */
async function keep(file: string, { name, settings, statements }: ImageContent): Promise<void> {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true });
  const workshop = mkdtempSync(join(folder, 'making-'));
  const made = join(workshop, 'image');
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  try {
    const connection = await instance.connect();
    try {
      await connection.run(settings.join(';\n'));
      await connection.run(`ATTACH ${literal(made)} AS ${name} (STORAGE_VERSION 'latest')`);
      await connection.run(statements.join(';\n'));
      await connection.run(`CHECKPOINT ${name}; DETACH ${name}`);
    } finally {
      connection.closeSync();
    }
    for (const other of readdirSync(folder))
      if (other.endsWith(EXTENSION)) rmSync(join(folder, other), { force: true });
    renameSync(made, file);
  } finally {
    instance.closeSync();
    rmSync(workshop, { recursive: true, force: true });
  }
}

function digestOf(content: ImageContent): string {
  return createHash('sha256')
    .update(JSON.stringify([version(), content]))
    .digest('hex')
    .slice(0, 32);
}

/** Where tools keep what they can make again: `node_modules/.cache` of the nearest folder above that has packages. */
function cacheFolder(): string | undefined {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'node_modules'))) {
    const above = dirname(folder);
    if (above === folder) return undefined;
    folder = above;
  }
  return join(folder, 'node_modules', '.cache', 'redshift');
}

async function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
