import type { NormalizedSchema } from '@smithy/core/schema';
import {
  AwsError,
  escapeXml,
  notImplemented,
  readBody,
  refuseUnsupported,
  type Cloud,
  type Service,
  type WireHandler,
} from '../kernel/index.ts';
import { parameterTree, toXml } from '../kernel/protocol/query.ts';
import { membersOf, operationsOf, trait } from '../kernel/protocol/schema.ts';
import type { WireResponse } from '../kernel/wire.ts';

type Node = ReturnType<typeof parameterTree> | string;

/**
 * EC2's own variant of the Query protocol: lists are always flat, names are capitalised, answers have no result element.
 * https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
 */
export function ec2Wire(
  cloud: Cloud,
  service: Pick<Service, 'name' | 'operations' | 'unsupported'> & { readonly client: string },
): WireHandler {
  return {
    // The action of a POST is in its body, which is not read yet.
    operation: (request) => request.query.get('Action') ?? 'Query',
    handle: async (request, context) => {
      const body = (await readBody(request)).toString('utf8');
      const parameters = new URLSearchParams(body === '' ? request.query.toString() : body);
      const action = parameters.get('Action') ?? '';
      try {
        const schema = operationsOf(service.client).get(action);
        if (!schema) throw new AwsError('InvalidAction', `The action ${action} is not valid for this web service.`);
        const run = service.operations[action];
        if (!run) throw notImplemented('ec2', action);
        const input = fromEc2Query(schema.input, parameterTree(parameters));
        refuseUnsupported(service, action, input);
        // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonParameters.html
        if (parameters.get('DryRun') === 'true')
          throw new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
        const output = await run(input, { ...context, operation: action });
        const content = schema.output.isUnitSchema() ? '<return>true</return>' : toXml(schema.output, output ?? {});
        return xml(
          200,
          context.requestId,
          `<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>${context.requestId}</requestId>${content}</${action}Response>`,
        );
      } catch (error) {
        if (error instanceof AwsError) return refuse(error, request, context);
        cloud.fault(error, `ec2:${action}`);
        return refuse(new AwsError('InternalError', String(error), 500), request, context);
      }
    },
    refuse,
  };
}

const refuse: NonNullable<WireHandler['refuse']> = ({ code, message, status }, _request, { requestId }) =>
  xml(
    status,
    requestId,
    `<Response><Errors><Error><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message></Error></Errors><RequestID>${requestId}</RequestID></Response>`,
  );

function xml(status: number, requestId: string, body: string): WireResponse {
  return { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body };
}

/** `ec2QueryName`, or the capitalised XML name, or the member's own. */
function parameterName(member: NormalizedSchema, name: string): string {
  const xmlName = trait(member, 'xmlName') ?? name;
  return trait(member, 'ec2QueryName') ?? xmlName.charAt(0).toUpperCase() + xmlName.slice(1);
}

function fromEc2Query(schema: NormalizedSchema, node: Node | undefined): unknown {
  if (node === undefined) return undefined;
  if (schema.isStructSchema()) {
    if (typeof node === 'string') return {};
    const output: Record<string, unknown> = {};
    for (const [name, member] of membersOf(schema)) {
      const value = fromEc2Query(member, node[parameterName(member, name)]);
      if (value !== undefined) output[name] = value;
    }
    return output;
  }
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    if (typeof node === 'string') return [];
    return Object.entries(node)
      .filter(([key]) => /^\d+$/.test(key))
      .toSorted(([a], [b]) => Number(a) - Number(b))
      .map(([, entry]) => fromEc2Query(item, entry));
  }
  if (schema.isBooleanSchema()) return node === 'true';
  if (schema.isNumericSchema()) return Number(node);
  if (schema.isTimestampSchema()) return new Date(String(node));
  return node;
}
