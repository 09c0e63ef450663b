import { CATALOGUE, type ErrorCode } from './catalogue.ts';
import type { Finding } from './finding.ts';
import { classified } from './foreign-error.ts';
import { LIMITS, bounded, boundedText } from './safe-text.ts';
import { SluiceError, type Whereabouts } from './sluice-error.ts';

/** An error as plain JSON: what a run's record, its report and its e-mail carry. Bounded, without secrets, every text one line. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly why: string;
  readonly next: string;
  readonly where: Whereabouts;
  /** The first findings, when a document is what is wrong. */
  readonly findings: readonly Finding[];
  /** What led to it, nearest first. */
  readonly causes: readonly { readonly name: string; readonly message: string }[];
}

/** Turns anything that can be thrown into a failure. An error this product does not know is classified by its AWS name and HTTP status. */
export function failureOf(thrown: unknown): Failure {
  if (!(thrown instanceof SluiceError))
    return catalogued(classified(thrown), boundedText(described(thrown), LIMITS.message), causesOf(thrown));
  return {
    code: Object.hasOwn(CATALOGUE, thrown.name) ? (thrown.name as ErrorCode) : 'Unexpected',
    message: boundedText(thrown.message, LIMITS.message),
    why: boundedText(thrown.why, LIMITS.text),
    next: boundedText(thrown.next, LIMITS.text),
    where: boundedWhere(thrown.where),
    findings: thrown.findings.slice(0, LIMITS.findings).map(boundedFinding),
    causes: causesOf(thrown),
  };
}

/** A failure of which no more is known than its code. */
export function catalogued(code: ErrorCode, message?: string, causes: Failure['causes'] = []): Failure {
  const { happened, why, next } = CATALOGUE[code];
  return { code, message: message ?? happened, why, next, where: {}, findings: [], causes };
}

function boundedWhere(where: Whereabouts): Whereabouts {
  return Object.fromEntries(
    Object.entries(where)
      .filter(([, value]) => value !== undefined)
      .map(([part, value]) => [
        part,
        typeof value === 'number' ? value : boundedText(String(value), part === 'file' ? LIMITS.file : LIMITS.value),
      ]),
  );
}

function boundedFinding(finding: Finding): Finding {
  return {
    path: boundedText(finding.path, LIMITS.value),
    what: boundedText(finding.what, LIMITS.value),
    why: boundedText(finding.why, LIMITS.value),
    do: boundedText(finding.do, LIMITS.value),
  };
}

function described(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message === '' ? thrown.name : `${thrown.name}: ${thrown.message}`;
  return typeof thrown === 'string' ? thrown : bounded(thrown);
}

function causesOf(thrown: unknown): Failure['causes'] {
  const causes: { name: string; message: string }[] = [];
  const seen = new Set<unknown>([thrown]);
  let cause: unknown = thrown instanceof Error ? thrown.cause : undefined;
  while (cause !== undefined && cause !== null && causes.length < LIMITS.causes && !seen.has(cause)) {
    seen.add(cause);
    const error: Error | undefined = cause instanceof Error ? cause : undefined;
    causes.push({
      name: boundedText(error?.name ?? typeof cause, LIMITS.name),
      message: boundedText(error?.message ?? bounded(cause), LIMITS.value),
    });
    cause = error?.cause;
  }
  return causes;
}

/** An error as a state machine caught it: a name at best. */
export interface CaughtError {
  readonly code?: string | undefined;
  readonly cause?: string | undefined;
}

/** How deep nested machines are looked into: a run starts a Map, which starts a machine, which calls a function. */
const DEPTH = 5;

/** The failure behind an error that a machine caught and of which the run has no record of its own. */
export function caughtFailure(caught: CaughtError): Failure {
  const { code: name, cause } = innermost(caught);
  const code = classified({ name });
  if (code === name) return catalogued(code);
  return catalogued(
    code,
    boundedText(`${CATALOGUE[code].happened} (${name}${cause ? `: ${cause}` : ''})`, LIMITS.message),
  );
}

function innermost(caught: CaughtError): { readonly code: string; readonly cause: string } {
  let { code = 'Unexpected', cause = '' } = caught;
  for (let depth = 0; depth < DEPTH; depth++) {
    const inner = nested(cause);
    if (!inner) break;
    ({ code, cause } = inner);
  }
  return { code, cause };
}

/** `Error` and `Cause` of a nested execution, or `errorType` and `errorMessage` of a function. */
function nested(cause: string): { readonly code: string; readonly cause: string } | undefined {
  try {
    const document = JSON.parse(cause) as Readonly<Record<string, unknown>>;
    const code = document['Error'] ?? document['errorType'];
    const text = document['Cause'] ?? document['errorMessage'];
    return typeof code === 'string' ? { code, cause: typeof text === 'string' ? text : '' } : undefined;
  } catch {
    return undefined;
  }
}
