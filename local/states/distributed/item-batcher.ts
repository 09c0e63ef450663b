import type { Json, JsonObject } from '../json.ts';
import { asNumber } from '../jsonata/evaluation.ts';
import type { ItemBatcher } from '../language/definition.ts';
import type { Evaluation } from '../language/evaluation.ts';
import { MAX_PAYLOAD_BYTES } from '../limits.ts';
import { jsonText } from '../run/payload.ts';

/** Inputs of child executions: `{ Items, BatchInput }`. https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html */
export async function batchItems(
  items: readonly Json[],
  batcher: ItemBatcher,
  evaluation: Evaluation,
): Promise<{ readonly input: Json; readonly size: number }[]> {
  const holder = batcher as unknown as JsonObject;
  const mostItems =
    asNumber(
      await evaluation.fieldOf(holder, 'MaxItemsPerBatch', 'ItemBatcher/MaxItemsPerBatch'),
      'MaxItemsPerBatch',
    ) || Infinity;
  const mostBytes =
    asNumber(
      await evaluation.fieldOf(holder, 'MaxInputBytesPerBatch', 'ItemBatcher/MaxInputBytesPerBatch'),
      'MaxInputBytesPerBatch',
    ) || MAX_PAYLOAD_BYTES;
  const batchInput =
    batcher.BatchInput === undefined
      ? undefined
      : await evaluation.template(batcher.BatchInput, 'ItemBatcher/BatchInput');
  const wrap = (batch: readonly Json[]): JsonObject => ({
    Items: batch,
    ...(batchInput !== undefined && { BatchInput: batchInput }),
  });
  const frame = Buffer.byteLength(JSON.stringify(wrap([])));
  const batches: Json[][] = [];
  let bytes = Infinity;
  for (const item of items) {
    const added = Buffer.byteLength(jsonText(item)) + 1;
    const last = batches.at(-1);
    if (last && last.length < mostItems && bytes + added <= mostBytes) {
      last.push(item);
      bytes += added;
    } else {
      batches.push([item]);
      bytes = frame + added;
    }
  }
  return batches.map((batch) => ({ input: wrap(batch), size: batch.length }));
}
