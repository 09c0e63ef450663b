import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { shellBlocks } from '../support/document-commands.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'docs commands '));
  mkdirSync(join(folder, 'bin'));
  // What `npx sluice` does in the project's folder, in a folder of the test's own.
  const npx = join(folder, 'bin', 'npx');
  writeFileSync(
    npx,
    `#!/bin/sh\n[ "$1" = sluice ] || exit 99\nshift\nexec node '${resolve('cli/bin/sluice.mjs')}' "$@"\n`,
  );
  chmodSync(npx, 0o755);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A reader's shell, with no account in it. Without `pipefail`: `| head` ends what it reads early. */
async function shell(script: string, cwd: string): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn('bash', ['-e', '-c', script], {
    cwd,
    env: {
      HOME: folder,
      PATH: [join(folder, 'bin'), dirname(process.execPath), process.env['PATH']].join(delimiter),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  // Not `close`: a cloud that goes on in the background may hold the pipes.
  const code = await new Promise<number | null>((end, fail) => child.once('exit', end).once('error', fail));
  return { code, output };
}

const files = [...new Set(shellBlocks().flatMap(({ file, kind }) => (kind === 'local' ? [file] : [])))];

test.each(files)(
  "%s: a reader's shell takes each command in turn",
  async (file) => {
    const cwd = join(folder, file.replaceAll('/', '-'));
    mkdirSync(cwd);
    const script = shellBlocks()
      .filter((block) => block.file === file && block.kind === 'local')
      .map(({ text }) => text)
      .join('\n');
    try {
      const { code, output } = await shell(script, cwd);
      expect({ file, code, output }).toMatchObject({ code: 0 });
      // Output that a document shows is what its commands print.
      const shown = /```text\n(recommendations, batch [^]*?)```/.exec(readFileSync(file, 'utf8'))?.[1];
      if (shown !== undefined) expect(output).toContain(shown.trim());
    } finally {
      await shell('npx sluice down --wipe', cwd);
    }
  },
  180_000,
);
