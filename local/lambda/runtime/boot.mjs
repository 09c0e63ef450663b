/**
 * Where a function's worker thread starts. Plain JavaScript, because it comes before the compile cache, in which what is stripped of its types is kept, too:
 * without it, each worker would load Node's own compiler first.
 */
import { enableCompileCache } from 'node:module';
import { workerData } from 'node:worker_threads';

enableCompileCache(workerData.cacheDirectory);
await import('./worker.ts');
