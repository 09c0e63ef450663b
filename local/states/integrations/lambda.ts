import { AwsError, type Cloud } from '../../kernel/index.ts';
import { StateFailure } from '../failure.ts';
import { isObject, type Json } from '../json.ts';
import type { Integration, IntegrationCall, Pattern } from './port.ts';
import { exceptionName, readAll, textOf, toJson, withMetadata } from './outcome.ts';

interface InvokeAnswer {
  readonly StatusCode?: number;
  readonly FunctionError?: string;
  readonly Payload?: unknown;
  readonly ExecutedVersion?: string;
  readonly LogResult?: string;
}

/** `arn:aws:lambda:…`: the payload is the arguments, the result the function's. */
export function functionIntegration(cloud: Cloud, functionArn: string): Integration {
  return {
    kind: 'function',
    resourceType: 'lambda',
    resource: functionArn,
    pattern: 'request',
    call: async (args, call) => {
      const answer = await invoke(
        cloud,
        { FunctionName: functionArn, Payload: Buffer.from(JSON.stringify(args)) },
        call,
      );
      return payloadOf(await readAll(answer.Payload));
    },
  };
}

/** `arn:aws:states:::lambda:invoke`. https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html */
export function invokeIntegration(cloud: Cloud, resource: string, pattern: Pattern): Integration {
  return {
    kind: 'service',
    resourceType: 'lambda',
    resource,
    pattern,
    call: async (args, call) => {
      const { Payload, ...parameters } = isObject(args) ? args : {};
      const payload = Payload === undefined ? undefined : Buffer.from(JSON.stringify(Payload));
      const context = parameters['ClientContext'];
      const answer = await invoke(
        cloud,
        {
          ...parameters,
          ...(context !== undefined && { ClientContext: textOf(context) }),
          ...(payload && { Payload: payload }),
        },
        call,
      );
      const { Payload: body, ...rest } = answer;
      const output = await toJson(rest);
      const result = payloadOf(await readAll(body));
      return withMetadata({ ...(isObject(output) ? output : {}), Payload: result }, cloud, answer.StatusCode);
    },
  };
}

async function invoke(cloud: Cloud, input: Record<string, unknown>, call: IntegrationCall): Promise<InvokeAnswer> {
  let answer: InvokeAnswer;
  try {
    answer = await cloud.call<InvokeAnswer>('lambda', 'Invoke', input, { principalArn: call.roleArn });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new StateFailure(
      `Lambda.${exceptionName(error.code)}`,
      `${error.message} (Service: Lambda, Status Code: ${error.status}, Request ID: ${cloud.ids.uuid()})`,
    );
  }
  if (answer.FunctionError === undefined) return answer;
  const text = (await readAll(answer.Payload)).toString('utf8');
  const thrown = payloadOf(Buffer.from(text));
  if (isObject(thrown) && typeof thrown['errorType'] === 'string') throw new StateFailure(thrown['errorType'], text);
  throw new StateFailure(
    'Lambda.Unknown',
    `The cause could not be determined because Lambda did not return an error type. Returned payload: ${text}`,
  );
}

function payloadOf(body: Buffer): Json {
  if (body.length === 0) return {};
  const text = body.toString('utf8');
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
