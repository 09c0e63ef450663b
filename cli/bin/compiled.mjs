import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The first Node that runs TypeScript as it stands. */
export const OLDEST_NODE = 24;

/** The project's own folder: where serverless.yml is. */
export const PROJECT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Where Node keeps what it has compiled, of the command, of the local cloud and of `sls`. `npm ci` clears it and fills it anew. */
export const COMPILED = join(PROJECT, 'node_modules', '.cache', 'compiled');
