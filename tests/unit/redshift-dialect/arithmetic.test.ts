import * as fc from 'fast-check';
import { openRedshift, type RedshiftSession } from '../../contract/redshift-conformance/redshift-session.ts';

/** An exact number: `units` times 10 to the power of minus `scale`, of a Redshift precision. */
interface Exact {
  readonly sql: string;
  readonly units: bigint;
  readonly precision: number;
  readonly scale: number;
  readonly integer: boolean;
}

const power = (digits: number): bigint => 10n ** BigInt(digits);

const integer = fc.integer({ min: -9_999, max: 9_999 }).map((value): Exact => ({
  sql: `cast(${value} as int)`,
  units: BigInt(value),
  precision: 10,
  scale: 0,
  integer: true,
}));

const decimal = fc
  .record({
    units: fc.integer({ min: -99_999, max: 99_999 }),
    precision: fc.integer({ min: 6, max: 9 }),
    scale: fc.integer({ min: 0, max: 4 }),
  })
  .map(({ units, precision, scale }): Exact => ({
    sql: `cast('${text(BigInt(units), scale)}' as decimal(${precision},${scale}))`,
    units: BigInt(units),
    precision,
    scale,
    integer: false,
  }));

/** Redshift's documented rules, written down a second time, with big integers. */
function compute(left: Exact, operator: string, right: Exact): Exact | 'division by zero' {
  const both = left.integer && right.integer;
  const { precision: p1, scale: s1 } = left;
  const { precision: p2, scale: s2 } = right;
  const sql = `(${left.sql} ${operator} ${right.sql})`;
  const typed = (units: bigint, precision: number, scale: number): Exact => ({
    sql,
    units,
    precision: both ? 10 : Math.min(precision, 38),
    scale,
    integer: both,
  });
  if (operator === '*') return typed(left.units * right.units, p1 + p2 + 1, s1 + s2);
  if (operator === '/') {
    if (right.units === 0n) return 'division by zero';
    if (both) return typed(left.units / right.units, 10, 0);
    let scale = Math.max(4, s1 + p2 - s2 + 1);
    const precision = p1 - s1 + s2 + scale;
    if (precision > 38) scale = Math.max(38 + scale - precision, 4);
    return typed((left.units * power(scale + s2)) / (right.units * power(s1)), precision, scale);
  }
  const scale = Math.max(s1, s2);
  const [a, b] = [left.units * power(scale - s1), right.units * power(scale - s2)];
  return typed(operator === '+' ? a + b : a - b, Math.max(p1 - s1, p2 - s2) + 1 + scale, scale);
}

function text(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const sign = units < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

describe('arithmetic of integers and decimals', () => {
  let redshift: RedshiftSession;
  beforeAll(async () => {
    redshift = await openRedshift();
  });
  afterAll(() => redshift.close());

  test('agrees with an independent computation in value, precision and scale', async () => {
    const operand = fc.oneof(integer, decimal);
    const operator = fc.constantFrom('+', '-', '*', '/');
    await fc.assert(
      fc.asyncProperty(operand, operator, operand, operator, operand, async (a, first, b, second, c) => {
        const inner = compute(a, first, b);
        const expected = inner === 'division by zero' ? inner : compute(inner, second, c);
        const sql = `select ((${a.sql} ${first} ${b.sql}) ${second} ${c.sql}) as x`;
        if (expected === 'division by zero') {
          await expect(redshift.run(sql)).rejects.toThrow('division by zero');
          return;
        }
        const overflows = expected.integer
          ? [expected, ...(inner === 'division by zero' ? [] : [inner])].some(
              ({ units }) => units > 2_147_483_647n || units < -2_147_483_648n,
            )
          : false;
        if (overflows) {
          await expect(redshift.run(sql)).rejects.toMatchObject({ code: '22003' });
          return;
        }
        const type = expected.integer ? 'int4' : `numeric(${expected.precision},${expected.scale})`;
        const shown = text(expected.units, expected.scale);
        const { columns, rows } = await redshift.run(sql);
        expect({ sql, columns, rows }).toEqual({
          sql,
          columns: [`x ${type}`],
          rows: [[/^-0(?:\.0*)?$/.test(shown) ? shown.slice(1) : shown]],
        });
      }),
      { numRuns: 300 },
    );
  });
});
