#!/usr/bin/env node
// The command runs its TypeScript as it stands, which Node does from version 24 on: an older host hands over to the project's own.
import { spawn } from 'node:child_process';
import { createRequire, enableCompileCache } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const OLDEST_NODE = 24;
const main = join(dirname(fileURLToPath(import.meta.url)), '..', 'main.ts');
const COMPILED = join(dirname(main), '..', 'node_modules', '.cache', 'compiled');

if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE) {
  // Half of a command's start is compiling; what it starts, the local cloud and sls, looks there, too. A folder that cannot be written is no matter.
  process.env.NODE_COMPILE_CACHE ??= COMPILED;
  enableCompileCache(process.env.NODE_COMPILE_CACHE);
  const { start } = await import(pathToFileURL(main).href);
  await start();
} else {
  const node = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}
