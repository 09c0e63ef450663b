import { AwsError, held, type Caller, type Cloud } from '../../kernel/index.ts';
import { StateFailure } from '../failure.ts';
import { readAll, textOf, toJson } from '../integrations/outcome.ts';
import { isList, isObject, type Json, type JsonObject } from '../json.ts';
import { asNumber } from '../jsonata/evaluation.ts';
import type { ItemReader } from '../language/definition.ts';
import type { Evaluation } from '../language/evaluation.ts';
import { parseCsv } from './csv.ts';

const failed = (message: string): StateFailure => new StateFailure('States.ItemReaderFailed', message);

const DELIMITERS: Readonly<Record<string, string>> = { COMMA: ',', PIPE: '|', SEMICOLON: ';', SPACE: ' ', TAB: '\t' };

/** Items of a distributed Map from S3. https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html */
export async function readItems(
  reader: ItemReader,
  evaluation: Evaluation,
  cloud: Cloud,
  caller: Caller,
): Promise<readonly Json[]> {
  const config = (await evaluation.template(reader.ReaderConfig ?? {}, 'ItemReader/ReaderConfig')) as JsonObject;
  const parameters = await evaluation.template(reader.Arguments ?? reader.Parameters ?? {}, 'ItemReader/Arguments');
  const most = asNumber(
    await evaluation.fieldOf(reader.ReaderConfig, 'MaxItems', 'ItemReader/ReaderConfig/MaxItems'),
    'MaxItems',
  );
  const call = /^arn:[\w-]+:states:::s3:(getObject|listObjectsV2)$/.exec(reader.Resource)?.[1];
  if (call === undefined || !isObject(parameters)) throw failed(`The reader '${reader.Resource}' is not supported`);
  try {
    const items =
      call === 'getObject'
        ? parseItems(await readObject(parameters, cloud, caller), config)
        : await listObjects(parameters, most, cloud, caller);
    return most ? items.slice(0, most) : items;
  } catch (error) {
    if (error instanceof AwsError) throw failed(`Attempting to read the items failed: ${error.code}: ${error.message}`);
    throw error;
  }
}

async function readObject(parameters: JsonObject, cloud: Cloud, caller: Caller): Promise<string> {
  const { Body } = await cloud.call<{ Body?: unknown }>('s3', 'GetObject', parameters, caller);
  return (await held(cloud.clock, readAll(Body))).toString('utf8');
}

function parseItems(text: string, config: JsonObject): readonly Json[] {
  const type = config['InputType'] ?? 'JSON';
  if (type === 'CSV') return csvItems(text, config);
  const parse = (source: string): Json => {
    try {
      return JSON.parse(source) as Json;
    } catch (error) {
      throw failed(`The file is not valid ${String(type)}: ${(error as Error).message}`);
    }
  };
  if (type === 'JSONL')
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map(parse);
  if (type !== 'JSON') throw failed(`The input type ${textOf(type)} is not implemented by the local cloud`);
  let items = parse(text);
  for (const name of String(config['ItemsPointer'] ?? '')
    .split('/')
    .slice(1)) {
    const key = name.replaceAll('~1', '/').replaceAll('~0', '~');
    items =
      (isObject(items) && Object.hasOwn(items, key) ? items[key] : isList(items) ? items[Number(key)] : undefined) ??
      null;
  }
  if (isList(items)) return items;
  // "If the JSON file is an object, each member is an item."
  if (isObject(items)) return Object.entries(items).map(([Key, Value]) => ({ Key, Value }));
  throw failed('The file holds neither a JSON array nor an object');
}

function csvItems(text: string, config: JsonObject): readonly Json[] {
  const delimiter = DELIMITERS[String(config['CSVDelimiter'] ?? 'COMMA')];
  if (delimiter === undefined) throw failed(`Unknown CSVDelimiter ${textOf(config['CSVDelimiter'])}`);
  const rows = parseCsv(text, delimiter);
  const given = config['CSVHeaderLocation'] === 'GIVEN' ? config['CSVHeaders'] : rows.shift();
  if (!isList(given)) throw failed('A CSV file needs a header: CSVHeaderLocation is FIRST_ROW or GIVEN');
  return rows.map((row) => Object.fromEntries(given.map((name, at) => [String(name), row[at] ?? ''])));
}

async function listObjects(
  parameters: JsonObject,
  most: number | undefined,
  cloud: Cloud,
  caller: Caller,
): Promise<readonly Json[]> {
  const items: Json[] = [];
  const wanted = most ?? Infinity;
  let token: string | undefined;
  do {
    const input: JsonObject = { ...parameters, ...(token !== undefined && { ContinuationToken: token }) };
    const page: { Contents?: unknown[]; NextContinuationToken?: string } = await cloud.call(
      's3',
      'ListObjectsV2',
      input,
      caller,
    );
    for (const entry of page.Contents ?? []) {
      const item = await toJson(entry);
      if (!isObject(item)) continue;
      // Step Functions gives the time in seconds.
      const modified = item['LastModified'];
      items.push(
        typeof modified === 'string' ? { ...item, LastModified: Math.floor(Date.parse(modified) / 1000) } : item,
      );
    }
    token = page.NextContinuationToken;
  } while (token !== undefined && items.length < wanted);
  return items;
}
