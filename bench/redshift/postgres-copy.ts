import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';

const BINARIES = '/usr/lib/postgresql/15/bin';

/** PostgreSQL refuses to run as root; this is the user it runs as then. */
const UNPRIVILEGED = 'nobody';

/**
 * Loads a pipe-delimited file into a PostgreSQL 15 cluster made for it and removed again, over a Unix socket only. All its settings are
 * initdb's: what is loaded is logged and on disk when COPY has ended, as it is in the stand-in. The server reads the file itself.
 * @returns seconds, or undefined where PostgreSQL is not installed.
 */
export async function postgresCopy(
  file: string,
  columns: Readonly<Record<string, string>>,
  scratch: string,
): Promise<number | undefined> {
  if (!existsSync(join(BINARIES, 'postgres'))) return undefined;
  const home = join(tmpdir(), `postgres-copy-${process.pid}`);
  mkdirSync(home);
  const account = unprivileged();
  if (account) {
    chownSync(home, account.uid, account.gid);
    chmodSync(scratch, 0o755);
    chmodSync(file, 0o644);
  }
  const options = { ...account, cwd: home, stdio: ['pipe', 'pipe', 'pipe'] as ['pipe', 'pipe', 'pipe'] };
  const data = join(home, 'data');
  try {
    execFileSync(
      join(BINARIES, 'initdb'),
      ['-D', data, '-U', 'bench', '--auth=trust', '-E', 'UTF8', '--locale=C'],
      options,
    );
    execFileSync(
      join(BINARIES, 'pg_ctl'),
      ['-D', data, '-w', '-l', join(home, 'log'), '-o', `-c listen_addresses='' -k ${home}`, 'start'],
      { ...options, stdio: 'ignore' },
    );
    const psql = (sql: string): void => {
      const { status, stderr } = spawnSync(
        'psql',
        ['-h', home, '-U', 'bench', '-d', 'postgres', '-v', 'ON_ERROR_STOP=1', '-c', sql],
        options,
      );
      if (status !== 0) throw new Error(stderr.toString());
    };
    const types = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
    psql(`CREATE TABLE t (${types.join(', ')})`);
    const start = performance.now();
    psql(`COPY t FROM '${file}' (DELIMITER '|')`);
    return (performance.now() - start) / 1000;
  } finally {
    spawnSync(join(BINARIES, 'pg_ctl'), ['-D', data, '-m', 'immediate', '-w', 'stop'], options);
    rmSync(home, { recursive: true, force: true });
  }
}

function unprivileged(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const of = (flag: string): number => Number(execFileSync('id', [flag, UNPRIVILEGED]).toString());
  return { uid: of('-u'), gid: of('-g') };
}
