import type { MapRunStatus } from '@aws-sdk/client-sfn';
import type { Documents } from '../../kernel/index.ts';

const KIND = 'states/map-run';

/** A Map Run as it is kept. Times are milliseconds. */
export interface MapRunRecord {
  readonly arn: string;
  readonly executionArn: string;
  readonly stateMachineArn: string;
  status: MapRunStatus;
  readonly startDate: number;
  stopDate?: number;
  /** 0: as many as the service allows. */
  maxConcurrency: number;
  toleratedFailurePercentage: number;
  toleratedFailureCount: number;
  itemCounts: Counts;
  executionCounts: Counts;
  redriveCount: number;
  redriveDate?: number;
}

export interface Counts {
  pending: number;
  running: number;
  succeeded: number;
  failed: number;
  timedOut: number;
  aborted: number;
  total: number;
  resultsWritten: number;
}

export const noCounts = (total: number): Counts => ({
  pending: total,
  running: 0,
  succeeded: 0,
  failed: 0,
  timedOut: 0,
  aborted: 0,
  total,
  resultsWritten: 0,
});

export function writeMapRun(documents: Documents, run: MapRunRecord): void {
  documents.put(KIND, run.arn, run);
}

export function readMapRun(documents: Documents, arn: string): MapRunRecord | undefined {
  return documents.get<MapRunRecord>(KIND, arn);
}

export function listMapRuns(documents: Documents, executionArn: string): readonly MapRunRecord[] {
  return documents
    .list<MapRunRecord>(KIND)
    .map(({ document }) => document)
    .filter((run) => run.executionArn === executionArn);
}
