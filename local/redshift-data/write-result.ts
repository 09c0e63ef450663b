import type { ColumnMetadata } from '@aws-sdk/client-redshift-data';
import { DuckDBTypeId, type DuckDBResult, type DuckDBVector } from '@duckdb/node-api';
import { EngineFailure } from '../redshift/engine/sql-failures.ts';
import { columnMetadata } from './column-types.ts';
import { FIELD_OVERHEAD_BYTES, fieldEncoder, type FieldEncoder } from './field-json.ts';
import { LARGEST_RESULT_BYTES, LARGEST_ROW_BYTES } from './limits.ts';
import { ResultWriter } from './result-file.ts';

export interface WrittenResult {
  readonly columns: readonly ColumnMetadata[];
  readonly rows: number;
  /** Bytes of the values as text, about. */
  readonly bytes: number;
  /** The rows, where they are so few that there is no file. */
  readonly inline: string | undefined;
}

/** Values encoded in one go, before other work of the process gets its turn: a millisecond or two. */
const VALUES_IN_ONE_GO = 1024;

/**
 * Streams a result to a file, unless it is small; of one that fails nothing stays.
 * @throws EngineFailure where a row or the whole is larger than the Data API allows.
 */
export async function writeResult(result: DuckDBResult, timeZone: string, path: string): Promise<WrittenResult> {
  const types = result.columnTypes();
  // `SELECT t FROM t`, and `SELECT (a, b)`: DuckDB has a text for it.
  const row = types.findIndex(({ typeId }) => typeId === DuckDBTypeId.STRUCT);
  if (row >= 0)
    throw new EngineFailure(
      '0A000',
      `a row as a value (column "${result.columnName(row)}") is not supported by this stand-in for Amazon Redshift`,
    );
  const encoders = types.map((type) => fieldEncoder(type, timeZone));
  const columns = types.map((type, at) => columnMetadata(result.columnName(at), type));
  const writer = new ResultWriter(path);
  const rowsInOneGo = Math.max(1, Math.floor(VALUES_IN_ONE_GO / types.length));
  let rows = 0;
  let bytes = 0;
  let inline: string | undefined;
  try {
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) break;
      // Values are made row by row: all of a chunk may be a hundred megabytes.
      const vectors: readonly Values[] = types.map((_type, at) => chunk.getColumnVector(at));
      for (let start = 0; start < chunk.rowCount;) {
        const { end, size } = addRows(writer, vectors, encoders, start, Math.min(start + rowsInOneGo, chunk.rowCount));
        bytes += size;
        if (bytes > LARGEST_RESULT_BYTES) throw new EngineFailure('XX000', 'Database response exceeded size limit');
        if (writer.full) await writer.flush();
        else if (end < chunk.rowCount) await new Promise(setImmediate);
        start = end;
      }
      rows += chunk.rowCount;
    }
    inline = await writer.close();
  } catch (error) {
    await writer.discard();
    throw error;
  }
  return { columns, rows, bytes, inline };
}

type Values = Pick<DuckDBVector, 'getItem'>;

/**
 * Encodes rows `start` to `limit` of a chunk's columns, or until enough is gathered to be written; tells where it ended and the bytes of the
 * values.
 */
function addRows(
  writer: ResultWriter,
  columns: readonly Values[],
  encoders: readonly FieldEncoder[],
  start: number,
  limit: number,
): { readonly end: number; readonly size: number } {
  const lines: string[] = [];
  let text = '';
  for (let row = start; row < limit && text.length < writer.space; row++) {
    let line = '[';
    for (let column = 0; column < columns.length; column++)
      line += (column > 0 ? ',' : '') + (encoders[column]?.(columns[column]?.getItem(row) ?? null) ?? '');
    line += ']\n';
    text += line;
    lines.push(line);
  }
  const written = Buffer.from(text);
  writer.add(written);
  // Most rows are ASCII: then their characters are their bytes, and none has to be gone through again.
  const ascii = written.length === text.length;
  const overhead = columns.length * FIELD_OVERHEAD_BYTES + '\n'.length;
  let size = 0;
  for (const line of lines) {
    const bytes = Math.max(1, (ascii ? line.length : Buffer.byteLength(line)) - overhead);
    if (bytes > LARGEST_ROW_BYTES)
      throw new EngineFailure('XX000', `Packet for query is too large (${bytes} > ${LARGEST_ROW_BYTES}).`);
    size += bytes;
  }
  return { end: start + lines.length, size };
}
