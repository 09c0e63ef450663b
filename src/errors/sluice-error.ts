import type { Finding } from './finding.ts';

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

export interface ErrorDetails {
  readonly where?: Whereabouts;
  /** The reason in this case, where more is known than the catalogue's general reason. */
  readonly why?: string;
  /** What to do in this case, where that is more precise than the catalogue's advice. */
  readonly next?: string;
  /** Everything wrong with a document, when that is the error. */
  readonly findings?: readonly Finding[];
  readonly cause?: unknown;
}

/**
 * The base of every error of the product. Subclasses set a literal `name`, which is the error's code in state machines (`ErrorEquals`),
 * e-mails and logs; the catalogue in `catalogue.ts` says for each what to do next and whether a retry can help.
 */
export abstract class SluiceError extends Error {
  abstract override readonly name: string;
  /** Why it happened, for the person who reads it. */
  abstract readonly why: string;
  /** What to do next, for the person who reads it. */
  abstract readonly next: string;
  /** Whether the same call, later, can succeed without anybody doing anything. */
  abstract readonly retryable: boolean;
  readonly where: Whereabouts;
  readonly findings: readonly Finding[];

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.where = details.where ?? {};
    this.findings = details.findings ?? [];
  }
}
