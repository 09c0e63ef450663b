import { AwsError, type Caller, type Cloud } from '../../kernel/index.ts';
import { StateFailure } from '../failure.ts';
import { isList, isObject, type Json } from '../json.ts';
import type { ResultWriter } from '../language/definition.ts';
import type { Evaluation } from '../language/evaluation.ts';
import { nameIn, type ExecutionRecord } from '../executions/record.ts';

/** Writes children's results to S3 and answers where. https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html */
export async function writeResults(
  writer: ResultWriter,
  evaluation: Evaluation,
  mapRunArn: string,
  records: readonly ExecutionRecord[],
  cloud: Cloud,
  caller: Caller,
): Promise<Json> {
  const destination = await evaluation.template(writer.Arguments ?? writer.Parameters ?? {}, 'ResultWriter/Arguments');
  if (!isObject(destination) || !/^arn:[\w-]+:states:::s3:putObject$/.test(writer.Resource ?? ''))
    throw new StateFailure('States.ResultWriterFailed', `The writer '${writer.Resource}' is not supported`);
  const { Bucket } = destination;
  const folder = [destination['Prefix'], nameIn(mapRunArn)]
    .filter((part) => part !== undefined && part !== '')
    .join('/');
  const lines = writer.WriterConfig?.OutputType === 'JSONL';
  const put = async (name: string, body: string): Promise<{ Key: string; Size: number }> => {
    const Key = `${folder}/${name}`;
    const Body = Buffer.from(body);
    await cloud.call('s3', 'PutObject', { Bucket, Key, Body, ContentType: 'application/json' }, caller);
    return { Key, Size: Body.length };
  };
  try {
    const files: Record<string, Json> = { FAILED: [], PENDING: [], SUCCEEDED: [] };
    for (const [kind, keep] of [
      ['SUCCEEDED', (status: string) => status === 'SUCCEEDED'],
      ['FAILED', (status: string) => status !== 'SUCCEEDED'],
    ] as const) {
      const chosen = records.filter(({ status }) => keep(status));
      if (chosen.length === 0) continue;
      const entries =
        kind === 'FAILED' ? chosen.map(describe) : transformed(chosen, writer.WriterConfig?.Transformation ?? 'NONE');
      const body = lines ? entries.map((entry) => `${JSON.stringify(entry)}\n`).join('') : JSON.stringify(entries);
      files[kind] = [await put(`${kind}_0.${lines ? 'jsonl' : 'json'}`, body)];
    }
    const manifest = { DestinationBucket: Bucket ?? null, MapRunArn: mapRunArn, ResultFiles: files };
    const { Key } = await put('manifest.json', JSON.stringify(manifest));
    return { MapRunArn: mapRunArn, ResultWriterDetails: { Bucket: Bucket ?? null, Key } };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new StateFailure('States.ResultWriterFailed', `Writing the results failed: ${error.code}: ${error.message}`);
  }
}

export function transformed(
  records: readonly ExecutionRecord[],
  transformation: 'NONE' | 'COMPACT' | 'FLATTEN',
): Json[] {
  if (transformation === 'NONE') return records.map(describe);
  const outputs = records.map(({ output }) => JSON.parse(output ?? 'null') as Json);
  return transformation === 'COMPACT' ? outputs : outputs.flatMap((output) => (isList(output) ? output : [output]));
}

function describe(record: ExecutionRecord): Json {
  return {
    ExecutionArn: record.arn,
    Input: record.input,
    InputDetails: { Included: true },
    Name: record.name,
    ...(record.output !== undefined && { Output: record.output, OutputDetails: { Included: true } }),
    ...(record.error !== undefined && { Error: record.error }),
    ...(record.cause !== undefined && { Cause: record.cause }),
    StartDate: new Date(record.startDate).toISOString(),
    StateMachineArn: record.stateMachineArn,
    Status: record.status,
    ...(record.stopDate !== undefined && { StopDate: new Date(record.stopDate).toISOString() }),
  };
}
