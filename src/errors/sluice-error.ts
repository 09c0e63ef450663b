/** Where something went wrong, as precisely as is known. Every part is shown to people; none is ever parsed. */
export interface Whereabouts {
  readonly step?: string;
  readonly unit?: string;
  readonly table?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: string;
  readonly value?: string;
  /** JSON path in a document, for instance `schemas[0].tables[2].name`. */
  readonly path?: string;
}

/**
 * The base of every error of the product. Subclasses set a literal `name`, which is the error's code in state machines (`ErrorEquals`),
 * e-mails and logs; the catalogue in `catalogue.ts` says for each what to do next and whether a retry can help.
 */
export abstract class SluiceError extends Error {
  abstract override readonly name: string;
  /** What to do next, for the person who reads it. */
  abstract readonly next: string;
  /** Whether the same call, later, can succeed without anybody doing anything. */
  abstract readonly retryable: boolean;
  readonly where: Whereabouts;

  constructor(message: string, options: { readonly where?: Whereabouts; readonly cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.where = options.where ?? {};
  }
}
