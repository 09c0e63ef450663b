import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { reasons, type RunFailure } from '../../src/run/failure-record.ts';
import { layout } from '../../src/run/layout.ts';
import type { RunDocument } from '../../src/run/run-document.ts';
import type { PlanDocument } from '../../src/run/unit-document.ts';
import type { UnitResult } from '../../src/statement/unit-result.ts';

/** What a run has written about itself so far. */
export interface RunDocuments {
  runId(executionArn: string): Promise<string | undefined>;
  run(runId: string): Promise<RunDocument | undefined>;
  plan(runId: string): Promise<PlanDocument | undefined>;
  /** Results that came since the last call: results are written once and never change. */
  newResults(runId: string): Promise<readonly UnitResult[]>;
  /** Units that have been submitted, finished or not. */
  submitted(runId: string): Promise<ReadonlySet<string>>;
  failures(runId: string): Promise<readonly RunFailure[]>;
}

const READS_AT_ONCE = 16;

export function runDocuments(s3: S3Client, bucket: string): RunDocuments {
  const seen = new Set<string>();
  const read = async <T>(key: string): Promise<T | undefined> => {
    const text = await objectText(s3, bucket, key);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  };
  const readAll = async <T>(keys: readonly string[]): Promise<readonly T[]> => {
    const documents: T[] = [];
    for (let at = 0; at < keys.length; at += READS_AT_ONCE)
      for (const document of await Promise.all(keys.slice(at, at + READS_AT_ONCE).map((key) => read<T>(key))))
        if (document !== undefined) documents.push(document);
    return documents;
  };
  return {
    runId: async (executionArn) => (await read<{ runId: string }>(layout.byExecution(executionArn)))?.runId,
    run: (runId) => read(layout.run(runId)),
    plan: (runId) => read(layout.plan(runId)),
    newResults: async (runId) => {
      const fresh = (await keysUnder(s3, bucket, layout.results(runId))).filter((key) => !seen.has(key));
      for (const key of fresh) seen.add(key);
      return readAll(fresh);
    },
    submitted: async (runId) => {
      const folder = layout.attempts(runId, '').replace(/\.json$/, '');
      const keys = await keysUnder(s3, bucket, folder);
      return new Set(keys.map((key) => key.slice(folder.length).replace(/\.json$/, '')));
    },
    failures: async (runId) =>
      reasons(await readAll<RunFailure>(await keysUnder(s3, bucket, layout.allFailures(runId)))),
  };
}

/** An object's text, or undefined where there is none. */
export async function objectText(s3: S3Client, bucket: string, key: string): Promise<string | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return await Body?.transformToString('utf8');
  } catch (error) {
    if ((error as { name?: string }).name === 'NoSuchKey') return undefined;
    throw error;
  }
}

/** Every key under a prefix, in order. */
export async function keysUnder(s3: S3Client, bucket: string, prefix: string): Promise<readonly string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }));
    for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key);
    token = page.NextContinuationToken;
  } while (token);
  return keys;
}
