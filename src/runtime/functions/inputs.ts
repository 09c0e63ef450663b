import * as z from 'zod';

const runId = z.string().regex(/^([0-9a-f]{16}(-\d{1,4})?)?$/);
const round = z.int().min(0);
/** A run that began before this was passed on has not been redriven since. */
const redrive = z.int().min(0).default(0);

/** What the state machines call the functions with. Unknown keys are refused. */
export const openRunInput = z.strictObject({ input: z.unknown(), execution: z.string().min(1) });

export const reconcileInput = z.strictObject({
  wish: z.enum(['acquire', 'release', 'inspect', 'tidy']),
  runId,
  execution: z.string(),
  redrive,
  round,
  since: z.iso.datetime({ offset: true }),
  clusterSince: z.iso.datetime({ offset: true }).optional(),
});

const unit = {
  runId,
  unit: z.string().regex(/^[a-z0-9-]{1,64}$/),
  execution: z.string().min(1),
  round,
  tries: z.int().min(0),
};

/** A function has 300 s, and what a statement leaves behind takes some of them. */
const MOST_POLL_SECONDS = 90;

const pollSeconds = z.int().min(0).max(MOST_POLL_SECONDS);

export const submitInput = z.strictObject({ ...unit, pollSeconds: pollSeconds.default(0) });

/** Which cluster, as the lease counts them; absent where that is not known. */
const generation = z.int().min(0).nullish();

export const checkInput = z.strictObject({
  ...unit,
  generation,
  statementId: z.string().min(1),
  attempt: z.int().min(0),
  submittedAt: z.number(),
  pollSeconds: pollSeconds.default(20),
});

export const cancelInput = z.strictObject({
  runId,
  execution: z.string(),
  redrive,
  since: z.iso.datetime({ offset: true }),
});

const failure = z.strictObject({ code: z.string().optional(), cause: z.string().optional() });

export const notifyInput = z.strictObject({
  runId,
  execution: z.string(),
  redrive,
  /** When the execution was redriven last, ISO 8601; empty if never. */
  redrivenAt: z.string().default(''),
  round,
  generation,
  failure,
  releaseFailure: failure,
  /** When the run reached its stations, ISO 8601. */
  marks: z.strictObject({
    started: z.string().optional(),
    opened: z.string().optional(),
    acquired: z.string().optional(),
    worked: z.string().optional(),
    released: z.string().optional(),
  }),
});

/** The schedule, or the end of a run's execution. https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
export const janitorInput = z.looseObject({
  'detail-type': z.string(),
  detail: z.looseObject({ executionArn: z.string().optional() }),
});
