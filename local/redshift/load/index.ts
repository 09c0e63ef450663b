export type { LoadEnvironment, ObjectFiles, QueryIdentity, SourceObject } from './ports.ts';
export { runCopy } from './run-copy.ts';
export { runUnload } from './run-unload.ts';
