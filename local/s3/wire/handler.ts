import { AwsError, notImplemented, type Operations, type WireHandler } from '../../kernel/index.ts';
import type { S3 } from '../s3.ts';
import { checkPresigned } from './presigned.ts';
import { parseRequest } from './request.ts';
import { toErrorResponse, toResponse } from './response.ts';
import { routeOf } from './route.ts';

/** REST-XML over the same operations that serve calls in this process. */
export function createWireHandler({ cloud }: S3, operations: Operations): WireHandler {
  const nameOf: WireHandler['operation'] = (request) =>
    routeOf(request)?.name ?? `${request.method} ?${[...request.query.keys()].join('&')}`;
  return {
    operation: nameOf,
    handle: async (request, context) => {
      try {
        checkPresigned(request, cloud.clock.now());
        const operation = routeOf(request);
        const run = operation && operations[operation.name];
        if (!run) throw notImplemented('s3', nameOf(request));
        return toResponse(operation, await run(await parseRequest(operation, request), context), context.requestId);
      } catch (error) {
        if (error instanceof AwsError) return refuse(error, request, context);
        cloud.fault(error, `s3:${context.operation}`);
        const message = error instanceof Error ? error.message : String(error);
        return refuse(new AwsError('InternalError', message, 500), request, context);
      }
    },
    refuse,
  };
}

const refuse: NonNullable<WireHandler['refuse']> = (error, { method, path }, { requestId }) =>
  toErrorResponse(error, method, path, requestId);
