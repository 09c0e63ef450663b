import { CATALOGUE, type ErrorCode } from './catalogue.ts';
import { ERROR_CLASSES } from './errors.ts';
import type { Finding } from './finding.ts';
import { classified } from './foreign-error.ts';
import { LIMITS, bounded, boundedText } from './safe-text.ts';
import { SluiceError, type Whereabouts } from './sluice-error.ts';

/** An error as plain JSON: what states, records and e-mails carry. No secret, no line break in a short text, at most about 8 KB. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly where: Whereabouts;
  readonly why: string;
  readonly next: string;
  readonly retryable: boolean;
  /** The first findings, when a document is what is wrong. */
  readonly findings?: readonly Finding[];
  /** What led to it, nearest first. */
  readonly causes: readonly { readonly name: string; readonly message: string }[];
}

/** Turns anything that can be thrown into a failure. An error this product does not know is classified by its AWS name and HTTP status. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof SluiceError) return fromSluice(thrown);
  const code = classified(thrown);
  const { why, next, retryable } = CATALOGUE[code];
  return {
    code,
    message: boundedText(described(thrown), LIMITS.message),
    where: {},
    why,
    next,
    retryable,
    causes: causesOf(thrown),
  };
}

function fromSluice(error: SluiceError): Failure {
  return {
    code: Object.hasOwn(CATALOGUE, error.name) ? (error.name as ErrorCode) : 'Unexpected',
    message: boundedText(error.message, LIMITS.message),
    where: boundedWhere(error.where),
    why: boundedText(error.why, LIMITS.text),
    next: boundedText(error.next, LIMITS.text),
    retryable: error.retryable,
    ...(error.findings.length === 0 ? {} : { findings: error.findings.slice(0, LIMITS.findings).map(boundedFinding) }),
    causes: causesOf(error),
  };
}

function boundedWhere(where: Whereabouts): Whereabouts {
  return Object.fromEntries(
    Object.entries(where)
      .filter(([, value]) => value !== undefined)
      .map(([part, value]) => [part, typeof value === 'number' ? value : boundedText(String(value), LIMITS.value)]),
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

/**
 * The error to throw out of a function, so that a state machine catches it by its code (`ErrorEquals`) and gets the whole failure as its
 * cause: Lambda passes `name` on as the error and `message` within the cause.
 */
export function throwable(failure: Failure): Error {
  const error = new Error(JSON.stringify(failure));
  error.name = failure.code;
  // The stack would go into the state, too, with paths of the bundle that help nobody there.
  error.stack = '';
  return error;
}

/** What a Catch of a state machine receives. */
export interface CaughtState {
  readonly Error?: string;
  readonly Cause?: string;
}

/**
 * The failure in what a Catch received: one that `throwable` carried, or, for errors of Step Functions and of services it calls by itself,
 * one made from the error's name and cause.
 */
export function failureFromState({ Error: name = 'Unexpected', Cause: cause = '' }: CaughtState): Failure {
  const parsed = parsedJson(cause);
  const message = isRecord(parsed) && typeof parsed['errorMessage'] === 'string' ? parsed['errorMessage'] : undefined;
  const carried = parsedFailure(message === undefined ? parsed : parsedJson(message));
  if (carried !== undefined) return carried;
  const nested = isRecord(parsed) && typeof parsed['Error'] === 'string' ? nestedExecution(parsed) : undefined;
  if (nested !== undefined) return failureFromState(nested);
  const code = classified({ name });
  const { why, next, retryable } = CATALOGUE[code];
  const text = message ?? (isRecord(parsed) ? '' : cause);
  return {
    code,
    message: boundedText(text === '' ? name : `${name}: ${text}`, LIMITS.message),
    where: {},
    why,
    next,
    retryable,
    causes: [],
  };
}

/** An execution started with `startExecution.sync` fails with a description of itself, in which its own error stands. */
function nestedExecution(description: Readonly<Record<string, unknown>>): CaughtState | undefined {
  const { Error: name, Cause: cause } = description;
  if (typeof name !== 'string') return undefined;
  return { Error: name, ...(typeof cause === 'string' ? { Cause: cause } : {}) };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads a failure back from JSON; undefined when it is not one. Everything is bounded again: a state can be edited by hand. */
export function parsedFailure(value: unknown): Failure | undefined {
  if (!isRecord(value)) return undefined;
  const { code, message, where, why, next, retryable, findings, causes } = value;
  if (typeof code !== 'string' || !Object.hasOwn(CATALOGUE, code) || typeof message !== 'string') return undefined;
  const entry = CATALOGUE[code as ErrorCode];
  return {
    code: code as ErrorCode,
    message: boundedText(message, LIMITS.message),
    where: isRecord(where) ? boundedWhere(where) : {},
    why: boundedText(typeof why === 'string' ? why : entry.why, LIMITS.text),
    next: boundedText(typeof next === 'string' ? next : entry.next, LIMITS.text),
    retryable: typeof retryable === 'boolean' ? retryable : entry.retryable,
    ...(Array.isArray(findings)
      ? { findings: findings.filter(isFinding).slice(0, LIMITS.findings).map(boundedFinding) }
      : {}),
    causes: Array.isArray(causes) ? causes.filter(isCause).slice(0, LIMITS.causes).map(boundedCause) : [],
  };
}

function isFinding(value: unknown): value is Finding {
  return isRecord(value) && ['path', 'what', 'why', 'do'].every((key) => typeof value[key] === 'string');
}

function isCause(value: unknown): value is Failure['causes'][number] {
  return isRecord(value) && typeof value['name'] === 'string' && typeof value['message'] === 'string';
}

function boundedCause({ name, message }: Failure['causes'][number]): Failure['causes'][number] {
  return { name: boundedText(name, LIMITS.name), message: boundedText(message, LIMITS.value) };
}

/** The error a failure came from, with its class, so that code can go on with it as if it had never been JSON. */
export function errorOf(failure: Failure): SluiceError {
  return new ERROR_CLASSES[failure.code](failure.message, {
    where: failure.where,
    why: failure.why,
    next: failure.next,
    ...(failure.findings === undefined ? {} : { findings: failure.findings }),
  });
}
