declare module 'unbzip2-stream' {
  import type { Duplex } from 'node:stream';
  /** Decompresses bzip2. The package carries no types. */
  const unbzip2: () => Duplex;
  export = unbzip2;
}
