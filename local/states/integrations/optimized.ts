import type { Cloud } from '../../kernel/index.ts';
import { StateFailure } from '../failure.ts';
import { isList, isObject, type Json, type JsonObject } from '../json.ts';
import { exceptionName, serviceFailure, textOf, toJson, withMetadata } from './outcome.ts';
import type { Integration, IntegrationCall, Pattern } from './port.ts';

/** How an optimized integration writes its call. https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html */
interface OptimizedService {
  /** Of errors: `SNS.NotFoundException`; what no class describes is `SNS.AmazonSNSException`. */
  readonly prefix: string;
  readonly base: string;
  readonly modelled: ReadonlySet<string>;
  readonly actions: readonly string[];
  arguments(args: JsonObject, call: IntegrationCall): JsonObject;
  check?(output: JsonObject): void;
}

const asText = (args: JsonObject, name: string): JsonObject => {
  const text = textOf(args[name]);
  return text === undefined ? args : { ...args, [name]: text };
};

const SERVICES: Readonly<Record<string, OptimizedService>> = {
  sns: {
    prefix: 'SNS',
    base: 'AmazonSNSException',
    modelled: new Set([
      'AuthorizationError',
      'EndpointDisabled',
      'InternalError',
      'InvalidParameter',
      'NotFound',
      'InvalidSecurity',
      'KMSDisabled',
      'KMSNotFound',
      'PlatformApplicationDisabled',
    ]),
    actions: ['publish'],
    arguments: (args) => asText(args, 'Message'),
  },
  sqs: {
    prefix: 'SQS',
    base: 'AmazonSQSException',
    modelled: new Set(['QueueDoesNotExist', 'InvalidMessageContents', 'UnsupportedOperation']),
    actions: ['sendMessage'],
    arguments: (args) => asText(args, 'MessageBody'),
  },
  events: {
    prefix: 'EventBridge',
    base: 'AmazonEventBridgeException',
    modelled: new Set(['InternalException']),
    actions: ['putEvents'],
    arguments: (args, call) => ({
      ...args,
      Entries: (isList(args['Entries']) ? args['Entries'] : []).map((entry) => {
        const written = isObject(entry) ? asText(entry, 'Detail') : {};
        const resources = isList(written['Resources']) ? written['Resources'] : [];
        return { ...written, Resources: [...resources, call.executionArn, machineOf(call.executionArn)] };
      }),
    }),
    check: (output) => {
      if (output['FailedEntryCount']) throw new StateFailure('EventBridge.FailedEntry', JSON.stringify(output));
    },
  },
};

const machineOf = (executionArn: string): string =>
  executionArn.replace(':execution:', ':stateMachine:').replace(/:[^:]*$/, '');

export function optimizedIntegration(
  cloud: Cloud,
  service: string,
  action: string,
  resource: string,
  pattern: Pattern,
): Integration | undefined {
  const found = Object.hasOwn(SERVICES, service) ? SERVICES[service] : undefined;
  if (!found?.actions.includes(action) || pattern === 'sync') return undefined;
  const operation = action.charAt(0).toUpperCase() + action.slice(1);
  return {
    kind: 'service',
    resourceType: service,
    resource,
    pattern,
    call: async (args: Json, call) => {
      const input = found.arguments(isObject(args) ? args : {}, call);
      try {
        const output = withMetadata(
          await toJson(await cloud.call(service, operation, input, { principalArn: call.roleArn })),
          cloud,
        );
        found.check?.(output);
        return output;
      } catch (error) {
        throw serviceFailure(error, found.prefix, cloud, (code) =>
          found.modelled.has(code.replace(/Exception$/, '')) ? exceptionName(code) : found.base,
        );
      }
    },
  };
}
