import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { keysUnder } from './documents.ts';

/** What a run wrote for people, brought to this machine. */
export interface Answer {
  /** Local paths of the result files, in order. */
  readonly results: readonly string[];
  readonly report?: string;
  readonly summary?: string;
}

/** Downloads everything under the run's prefix in the results bucket into `folder`. Streams: a result may be large. */
export async function fetchAnswer(s3: S3Client, bucket: string, runId: string, folder: string): Promise<Answer> {
  const keys = (await keysUnder(s3, bucket, '')).filter((key) => key.split('/').includes(runId));
  const files: string[] = [];
  for (const key of keys) {
    const name = key.slice(key.indexOf(`/${runId}/`) + runId.length + 2);
    const path = join(folder, ...name.split('/').filter((part) => part !== '' && part !== '.' && part !== '..'));
    mkdirSync(dirname(path), { recursive: true });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    await pipeline(Body as Readable, createWriteStream(path));
    files.push(path);
  }
  const report = files.find((path) => path.endsWith('report.html'));
  const summary = files.find((path) => path.endsWith('summary.json'));
  return {
    results: files.filter((path) => path !== report && path !== summary && !path.endsWith('manifest')),
    ...(report === undefined ? {} : { report }),
    ...(summary === undefined ? {} : { summary }),
  };
}
