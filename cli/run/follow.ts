import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  type DescribeExecutionCommandOutput,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import type { RunFailure } from '../../src/run/failure-record.ts';
import type { RunDocument } from '../../src/run/run-document.ts';
import type { PlanDocument } from '../../src/run/unit-document.ts';
import type { UnitResult } from '../../src/statement/unit-result.ts';
import { layout } from '../../src/run/layout.ts';
import { RUN_ID } from '../../src/run/run-id.ts';
import { objectText, runDocuments } from './documents.ts';
import type { Clients } from '../aws/clients.ts';
import type { DeployedService } from '../aws/deployment.ts';

/** Steps as people know them, and the states of the `etl` machine that belong to each. */
export const STEPS = [
  { name: 'open', states: ['OpenRun', 'WaitForFiles'] },
  { name: 'cluster', states: ['AcquireCluster'] },
  { name: 'tables', states: ['CreateTables'] },
  { name: 'copies', states: ['CopyTables'] },
  { name: 'transforms', states: ['Transforms'] },
  { name: 'checks', states: ['Checks'] },
  { name: 'unload', states: ['Unload'] },
  { name: 'release', states: ['InspectCluster', 'ReleaseCluster'] },
  { name: 'notify', states: ['LookBack', 'LookAtTables', 'Notify'] },
] as const;

export type StepName = (typeof STEPS)[number]['name'];

export interface StepProgress {
  readonly name: StepName;
  readonly began?: number;
  /** Absent while the step is on. */
  readonly ended?: number;
  /** Time spent in the step so far, without what it is spending now. */
  readonly tookMs: number;
  /** Whether what the step did last failed; the run may have gone on with another round. */
  readonly failed: boolean;
}

/** A run as far as it has come. */
export interface Progress {
  readonly executionArn: string;
  readonly status: NonNullable<DescribeExecutionCommandOutput['status']>;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly error?: string;
  readonly cause?: string;
  readonly steps: readonly StepProgress[];
  readonly runId?: string;
  readonly run?: RunDocument;
  readonly plan?: PlanDocument;
  readonly results: readonly UnitResult[];
  /** Units that were submitted and have not finished. */
  readonly underWay: readonly string[];
  /** The execution that has this run, when this one ended as a duplicate of it. */
  readonly duplicateOf?: string;
  readonly failures: readonly RunFailure[];
}

const ENDED = new Set(['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']);

/** The least pause between two looks, as a multiple of the time a look takes. */
const PAUSE = 3;

export interface FollowOptions {
  readonly clients: Clients;
  readonly service: DeployedService;
  readonly executionArn: string;
  /** How often to look, in ms; less often where a look takes long itself, so that looking does not slow down what is looked at. */
  readonly everyMs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** Looks at a run until it has ended; returns how it ended. */
export async function followRun(options: FollowOptions): Promise<Progress> {
  const { clients, service, executionArn, everyMs, signal, onProgress } = options;
  const documents = runDocuments(clients.s3, service.work);
  const results: UnitResult[] = [];
  let runId: string | undefined;
  let run: RunDocument | undefined;
  let plan: PlanDocument | undefined;
  for (;;) {
    const began = performance.now();
    const execution = await clients.states.send(new DescribeExecutionCommand({ executionArn }), {
      abortSignal: signal,
    });
    const status = execution.status ?? 'RUNNING';
    const ended = ENDED.has(status);
    // Before the results: of a step that has ended, all of them are there then.
    const stepsSoFar = await steps(clients.states, executionArn);
    runId ??= await documents.runId(executionArn);
    if (runId !== undefined) {
      if (!plan) {
        plan = await documents.plan(runId);
        // In this order: what it says of the files is whole once there is a plan.
        run = await documents.run(runId);
      }
      results.push(...(await documents.newResults(runId)));
    }
    const finished = new Set(results.map(({ unit }) => unit));
    const submitted = plan && !ended && runId !== undefined ? await documents.submitted(runId) : new Set<string>();
    const duplicate = status === 'SUCCEEDED' ? duplicateIn(execution.output) : undefined;
    const progress: Progress = {
      executionArn,
      status,
      startedAt: execution.startDate?.getTime() ?? 0,
      ...(execution.stopDate ? { endedAt: execution.stopDate.getTime() } : {}),
      ...(execution.error === undefined ? {} : { error: execution.error }),
      ...(execution.cause === undefined ? {} : { cause: execution.cause }),
      steps: stepsSoFar,
      ...(runId === undefined ? {} : { runId }),
      ...(run ? { run } : {}),
      ...(plan ? { plan } : {}),
      results: [...results],
      underWay: [...submitted].filter((unit) => !finished.has(unit)),
      ...(duplicate ? { runId: duplicate.runId, duplicateOf: duplicate.heldBy } : {}),
      failures: ended && runId !== undefined && status !== 'SUCCEEDED' ? await documents.failures(runId) : [],
    };
    onProgress(progress);
    if (ended) return progress;
    await sleep(Math.max(everyMs, PAUSE * (performance.now() - began)), undefined, { signal });
  }
}

function duplicateIn(output: string | undefined): { readonly runId: string; readonly heldBy: string } | undefined {
  const ended = JSON.parse(output ?? '{}') as { status?: string; runId: string; heldBy: string };
  return ended.status === 'DUPLICATE' ? ended : undefined;
}

/** When each step began and ended, from the execution's history. The parent of distributed Maps has a short one. */
async function steps(states: SFNClient, executionArn: string): Promise<readonly StepProgress[]> {
  const spans = new Map<
    StepName,
    { began: number; enteredAt: number | undefined; ended: number | undefined; tookMs: number; failed: boolean }
  >();
  let lastWorkFailed = false;
  let nextToken: string | undefined;
  do {
    const page = await states.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000, nextToken }));
    for (const event of page.events ?? []) {
      const at = event.timestamp?.getTime() ?? 0;
      const entered = stepOf(event.stateEnteredEventDetails?.name);
      const exited = stepOf(event.stateExitedEventDetails?.name);
      if (/(Failed|TimedOut|Aborted)$/.test(event.type ?? '')) lastWorkFailed = true;
      else if (entered) {
        const { began = at, tookMs = 0 } = spans.get(entered) ?? {};
        spans.set(entered, { began, enteredAt: at, ended: undefined, tookMs, failed: false });
        lastWorkFailed = false;
      } else if (exited) {
        const { began = at, enteredAt = at, tookMs = 0 } = spans.get(exited) ?? {};
        const span = {
          began,
          enteredAt: undefined,
          ended: at,
          tookMs: tookMs + at - enteredAt,
          failed: lastWorkFailed,
        };
        spans.set(exited, span);
      } else if (event.type?.endsWith('Succeeded')) lastWorkFailed = false;
    }
    nextToken = page.nextToken;
  } while (nextToken);
  return STEPS.map(({ name }) => {
    const { began, ended, tookMs = 0, failed = false } = spans.get(name) ?? {};
    return {
      name,
      tookMs,
      failed,
      ...(began === undefined ? {} : { began }),
      ...(ended === undefined ? {} : { ended }),
    };
  });
}

function stepOf(state: string | undefined): StepName | undefined {
  return STEPS.find(({ states }) => (states as readonly (string | undefined)[]).includes(state))?.name;
}

/** The newest execution of the pipeline, or the one that belongs to a run id, an execution name or an ARN. */
export async function findExecution(
  clients: Clients,
  service: DeployedService,
  wanted?: string,
): Promise<string | undefined> {
  if (wanted?.startsWith('arn:')) return wanted;
  if (wanted !== undefined && RUN_ID.test(wanted)) {
    const claim = await objectText(clients.s3, service.work, layout.claim(wanted));
    return claim === undefined ? undefined : (JSON.parse(claim) as { execution: string }).execution;
  }
  let nextToken: string | undefined;
  do {
    const page = await clients.states.send(
      new ListExecutionsCommand({ stateMachineArn: service.etlStateMachineArn, maxResults: 100, nextToken }),
    );
    for (const { executionArn, name } of page.executions ?? []) {
      if (executionArn === undefined) continue;
      if (wanted === undefined || name === wanted) return executionArn;
    }
    nextToken = page.nextToken;
  } while (nextToken);
  return undefined;
}
