/** How much of an example to make. The same seed and scale give the same bytes. */
export interface ExampleOptions {
  readonly seed?: number;
  /** 1 is the example's ordinary size. */
  readonly scale?: number;
}

/** A batch on disk, ready to be dropped: the manifest and the data files beside it. */
export interface ExampleBatch {
  readonly manifestPath: string;
  /** Paths of the data files, relative to the manifest's folder, with `/`. */
  readonly files: readonly string[];
}

export interface Example {
  readonly name: string;
  readonly title: string;
  /** Writes the batch into a directory, which is made if it is not there. */
  readonly generate: (directory: string, options?: ExampleOptions) => Promise<ExampleBatch>;
}
