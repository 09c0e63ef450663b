export type { LoadEnvironment, ObjectFiles, QueryIdentity, SessionVariables, SourceObject } from './ports.ts';
export { runCopy } from './run-copy.ts';
export { runUnload } from './run-unload.ts';
