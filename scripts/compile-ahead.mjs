/**
 * What `npm ci` ends with: compiles ahead what the first `npm start` would otherwise have to, among it the Serverless Framework's schema, which alone takes
 * seconds. Only speed depends on it, so nothing that goes wrong here fails the installation.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMPILED, OLDEST_NODE, PROJECT } from '../cli/bin/compiled.mjs';

const packages = mkdtempSync(join(tmpdir(), 'sluice-package-'));

function run(...args) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    cwd: PROJECT,
    stdio: 'ignore',
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED, SLS_SCHEMA_CACHE_BASE_DIR: COMPILED, AWS_REGION: 'us-east-1' },
  });
  return new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', resolve);
  });
}

// Without the development dependencies there is neither.
if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE)
  await Promise.all([
    run(join('node_modules', 'serverless', 'bin', 'serverless.js'), 'package', '--package', packages),
    run('--input-type=module', '--eval', "await import('./local/index.ts'); await import('./cli/commands/demo.ts');"),
  ]);
rmSync(packages, { recursive: true, force: true });
