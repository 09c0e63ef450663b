import type { UnitDocument } from '../run/unit-document.ts';
import type { UnitResult } from './unit-result.ts';
import type { Row, StatementDescription, Warehouse } from './warehouse.ts';

/** What the `count` statements of a unit returned; `repeatedKeys` where the unit failed for them. */
export type Counts = Pick<UnitResult, 'rows' | 'fileRows' | 'offending' | 'example'> & {
  readonly repeatedKeys?: readonly string[];
};

/** Reads what the `count` statements of a unit returned. A result that is not kept any more is left out. */
export async function readCounts(
  warehouse: Warehouse,
  unit: UnitDocument,
  described: StatementDescription,
): Promise<Counts> {
  const counts: {
    rows?: number;
    fileRows?: { file: string; lines: number }[];
    offending?: number;
    example?: string;
    repeatedKeys?: string[];
  } = {};
  for (const [at, statement] of unit.statements.entries()) {
    const sub = described.subStatements[at];
    if (statement.role !== 'count' || !sub?.hasResultSet) continue;
    // A unit that has finished found none.
    if (statement.counts === 'repeated-keys' && described.status === 'FINISHED') continue;
    const rows = await warehouse.rows(sub.id);
    const [first] = rows ?? [];
    if (!rows || !first) continue;
    switch (statement.counts) {
      case 'rows':
        counts.rows = numberOf(first, 'rows');
        break;
      case 'file-rows':
        counts.fileRows = rows.map((row) => ({ file: String(row['file'] ?? ''), lines: numberOf(row, 'lines') }));
        break;
      case 'offending':
        counts.offending = numberOf(first, 'offending');
        if (typeof first['example'] === 'string') counts.example = first['example'];
        break;
      case 'repeated-keys':
        counts.repeatedKeys = rows.map((row) =>
          Object.entries(row)
            .map(([column, value]) => `${column} ${value}`)
            .join(', '),
        );
        break;
      case undefined:
        break;
    }
  }
  return counts;
}

function numberOf(row: Row, name: string): number {
  return Number(row[name] ?? 0);
}
