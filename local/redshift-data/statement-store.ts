import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { held, type Cloud } from '../kernel/index.ts';
import { CLIENT_TOKEN_RETENTION_MS, RESULT_RETENTION_MS } from './limits.ts';
import { removeResult } from './result-file.ts';
import { isFinal, type StatementRecord } from './statement-record.ts';

const KIND = 'redshift-data.statement';
const TOKEN_KIND = 'redshift-data.client-token';

interface TokenRecord {
  readonly statement: string;
  /** Of the request, so that the same token with another request is noticed. */
  readonly request: string;
  readonly at: number;
}

/** Statements, their results' files and client tokens, for as long as AWS keeps them. */
export interface StatementStore {
  get(id: string): StatementRecord | undefined;
  /** A new statement, and one that has ended, are on disk when this returns; what lies between, a moment later. */
  put(record: StatementRecord): StatementRecord;
  list(): readonly StatementRecord[];
  /** The file of a statement's result; `number` from 1. */
  resultFile(id: string, number: number): string;
  /** The statement an earlier request with this token made. */
  byToken(principal: string, token: string): TokenRecord | undefined;
  remember(principal: string, token: string, request: string, statement: string): void;
  /** Drops what is older than AWS keeps it. */
  expire(): void;
}

export function createStatementStore(cloud: Cloud): StatementStore {
  const directory = join(cloud.directory, 'redshift-data', 'results');
  let made = false;
  const { documents, clock } = cloud;
  const expired = (record: StatementRecord): boolean =>
    isFinal(record) && clock.now() - record.updatedAt > RESULT_RETENTION_MS;
  const resultFile = (id: string, number: number): string => {
    if (!made) mkdirSync(directory, { recursive: true });
    made = true;
    return join(directory, fileName(id, number));
  };
  // Statements on their way, as they are now.
  const running = new Map<string, StatementRecord>();
  // Those that ended last: they are asked for next.
  const ended = new Map<string, StatementRecord>();
  const keepEnded = (record: StatementRecord): void => {
    if (sizeOf(record) > LARGEST_KEPT) return;
    ended.set(record.id, record);
    for (const oldest of ended.keys()) {
      if (ended.size <= MOST_KEPT) break;
      ended.delete(oldest);
    }
  };
  const unsaved = new Set<string>();
  let saving: NodeJS.Timeout | undefined;
  const saveRunning = (): void => {
    saving = undefined;
    for (const id of unsaved) documents.put(KIND, id, running.get(id));
    unsaved.clear();
  };
  const list = (): readonly StatementRecord[] =>
    documents.list<StatementRecord>(KIND).map(({ id, document }) => running.get(id) ?? document);
  // Results of statements that had not ended when the process did.
  if (existsSync(directory)) {
    const complete = new Set(list().flatMap(completeResults));
    for (const file of readdirSync(directory)) if (!complete.has(file)) rmSync(join(directory, file));
  }
  const tokenId = (principal: string, token: string): string => `${principal} ${token}`;
  let nextSweep = clock.now();
  return {
    get: (id) => {
      const record = running.get(id) ?? ended.get(id) ?? documents.get<StatementRecord>(KIND, id);
      return record && !expired(record) ? record : undefined;
    },
    put: (record) => {
      if (running.has(record.id) && !isFinal(record)) {
        running.set(record.id, record);
        unsaved.add(record.id);
        saving ??= setTimeout(saveRunning, SAVE_AFTER_MS);
        return record;
      }
      documents.put(KIND, record.id, record);
      unsaved.delete(record.id);
      ended.delete(record.id);
      if (isFinal(record)) {
        running.delete(record.id);
        keepEnded(record);
      } else running.set(record.id, record);
      if (unsaved.size > 0) return record;
      clearTimeout(saving);
      saving = undefined;
      return record;
    },
    list: () => list().filter((record) => !expired(record)),
    resultFile,
    byToken: (principal, token) => {
      const found = documents.get<TokenRecord>(TOKEN_KIND, tokenId(principal, token));
      return found && clock.now() - found.at <= CLIENT_TOKEN_RETENTION_MS ? found : undefined;
    },
    remember: (principal, token, request, statement) =>
      documents.put(TOKEN_KIND, tokenId(principal, token), { statement, request, at: clock.now() }),
    expire: () => {
      // Reading every record has its price; nothing is lost by doing it now and then.
      if (clock.now() < nextSweep) return;
      nextSweep = clock.now() + SWEEP_MS;
      for (const record of list().filter(expired)) {
        documents.delete(KIND, record.id);
        ended.delete(record.id);
        const files = completeResults(record).map((file) => removeResult(join(directory, file)));
        held(clock, Promise.all(files)).catch((error: unknown) =>
          cloud.fault(error, 'redshift-data: results past their time'),
        );
      }
      for (const { id, document } of documents.list<TokenRecord>(TOKEN_KIND))
        if (clock.now() - document.at > CLIENT_TOKEN_RETENTION_MS) documents.delete(TOKEN_KIND, id);
    },
  };
}

/** Statements that have ended kept in memory, and the characters of the largest. */
const MOST_KEPT = 64;
const LARGEST_KEPT = 32 * 1024;

/** Characters, about. */
function sizeOf({ runs }: StatementRecord): number {
  return runs.reduce((sum, { sql, inline = '' }) => sum + sql.length + inline.length, 0);
}

function fileName(id: string, number: number): string {
  return `${id}-${number}.jsonl`;
}

/** Names of the files that hold a statement's results. */
function completeResults({ id, runs }: StatementRecord): readonly string[] {
  return runs.flatMap((run, at) => (run.hasResultSet && run.inline === undefined ? [fileName(id, at + 1)] : []));
}

/** Most statements have ended by then. */
const SAVE_AFTER_MS = 20;

const SWEEP_MS = 3_600_000;
