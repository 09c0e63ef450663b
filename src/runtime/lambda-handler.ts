import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { parser } from '@aws-lambda-powertools/parser/middleware';
// Named after the package, as its own documentation does.
// oxlint-disable-next-line import/no-named-as-default
import middy, { type MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod';
import { SluiceError } from '../errors/sluice-error.ts';
import { presentable } from './presentable-error.ts';

/** One configured instance a tool and function. Service name and namespace come from POWERTOOLS_SERVICE_NAME and POWERTOOLS_METRICS_NAMESPACE. */
export interface Tools {
  readonly logger: Logger;
  /** Adds to a metric of this invocation. Names and units are those of the dashboard. */
  readonly count: (metric: MetricName, value: number) => void;
}

export type MetricName = 'ClusterAliveMinutes' | 'RowsLoaded' | 'RunsSucceeded' | 'RunsFailed' | 'LeasesFreed';

/** What Lambda calls. */
export type LambdaHandler<Answer> = (event: unknown, context: Context) => Promise<Answer>;

/**
 * The one stack around every function, in this order: the log line's context, the run's id on every line, metrics, the event's schema. Errors
 * leave it as their code; the log gets what may be logged.
 */
export function lambdaHandler<Schema extends z.ZodType, Answer>(
  schema: Schema,
  work: (input: z.output<Schema>, tools: Tools) => Promise<Answer>,
): LambdaHandler<Answer> {
  const logger = new Logger();
  const metrics = new Metrics();
  const tools: Tools = {
    logger,
    count: (metric, value) => {
      metrics.addMetric(metric, MetricUnit.Count, value);
    },
  };
  return middy<unknown, Answer>(UNTIL_LAMBDA_ENDS_IT)
    .use(errorsByCode(logger))
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(runIdOnEveryLine(logger))
    .use(publishMetrics(metrics))
    .use(parser({ schema }))
    .handler(async (event) => work(event as z.output<Schema>, tools)) as LambdaHandler<Answer>;
}

/**
 * Lambda ends a function that has run out of time, and its process with it: what was under way is over, and the machines try again. Middy would
 * answer just before, and the same work would go on inside the next invocation.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
const UNTIL_LAMBDA_ENDS_IT = { timeoutEarlyInMillis: 0 };

/** Publishes what was counted, also before an error; most invocations count nothing, which Powertools' own middleware warns of each time. */
function publishMetrics(metrics: Metrics): MiddlewareObj {
  const publish = (): void => {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  };
  return { after: publish, onError: publish };
}

function runIdOnEveryLine(logger: Logger): MiddlewareObj {
  return {
    before: ({ event }) => {
      const { runId, unit } = (event ?? {}) as { runId?: unknown; unit?: unknown };
      logger.appendKeys({
        ...(typeof runId === 'string' && runId !== '' ? { runId } : {}),
        ...(typeof unit === 'string' ? { unit } : {}),
      });
    },
  };
}

/** First in, so last to see an error: whatever another middleware made of it leaves as a code. */
function errorsByCode(logger: Logger): MiddlewareObj {
  return {
    onError: (request) => {
      const told = presentable(request.error);
      const { where, retryable } =
        request.error instanceof SluiceError ? request.error : { where: {}, retryable: false };
      // Where it happened may be logged, what stood there may not: a value is row data.
      const { value: _value, ...place } = where;
      if (retryable) logger.warn(told.name, { reason: told.message, ...place });
      else if (told.name === 'Unexpected') logger.error(told.name, { place, fault: faultOf(request.error) });
      else logger.error(told.name, { reason: told.message, ...place });
      request.error = told;
    },
  };
}

/** A fault of our own: where in the code, without the text, which may quote data. */
function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames.map((line) => line.trim())].join(' | ').slice(0, 2_000);
}
