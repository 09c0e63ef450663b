#!/usr/bin/env node
// The command runs its TypeScript as it stands, which Node does from version 24 on: an older host hands over to the project's own.
import { spawn } from 'node:child_process';
// By its default: an older Node refuses the whole file for a name that it does not export.
import module from 'node:module';
import { dirname, join } from 'node:path';
import { COMPILED, OLDEST_NODE, PROJECT } from './compiled.mjs';

if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE) {
  // Half of a command's start is compiling. What it starts looks there, too. A folder that cannot be written is no matter.
  process.env.NODE_COMPILE_CACHE ??= COMPILED;
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  const { start } = await import('../main.ts');
  await start();
} else {
  const node = join(dirname(module.createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
  const child = spawn(node, [join(PROJECT, 'cli', 'bin', 'sluice.mjs'), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}
