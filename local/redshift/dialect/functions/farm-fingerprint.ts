import { shownType } from '../types.ts';
import { unsupported } from '../redshift-error.ts';
import { byType } from './function.ts';

/** Fingerprint64 of FarmHash. https://docs.aws.amazon.com/redshift/latest/dg/r_FARMFINGERPRINT64.html */
export const farmFingerprint = byType(1, 1, ([from = ''], call) => {
  if (from !== 'BLOB' && from !== 'VARCHAR' && from !== 'UNKNOWN' && from !== 'NULL')
    throw unsupported(`FARMFINGERPRINT64 of a value of type ${shownType(from)}`, call.token.at, 'Cast to VARCHAR.');
  return {
    type: 'BIGINT',
    emit: ([value = '']) => ['rs_farm(', from === 'BLOB' ? value : ['encode(CAST(', value, ' AS VARCHAR))'], ')'],
  };
});

/** Numbers of 64 bits are kept in 128, for DuckDB counts no further than a type goes. */
const MASK = (1n << 64n) - 1n;
const K0 = 0xc3a5c85c97cb3127n;
const K1 = 0xb492b66fbe98f273n;
const K2 = 0x9ae16a3b2f90404fn;
const SEED = 81n;

const cut = (n: bigint): bigint => n & MASK;
const shiftMixed = (n: bigint): bigint => n ^ (n >> 47n);
const START_Y = cut(SEED * K1 + 113n);
const START_Z = cut(shiftMixed(cut(START_Y * K2 + 113n)) * K2);

const big = (n: bigint): string => `CAST('${n}' AS UHUGEINT)`;
const cutTo64 = (x: string): string => `((${x}) & ${big(MASK)})`;
const sum = (...terms: readonly string[]): string => cutTo64(terms.join(' + '));
const product = (a: string, b: string): string => cutTo64(`${a} * ${b}`);
const turned = (x: string, by: number): string => `rs.main.rs_farm_turned(${x}, ${by})`;
/** A lambda's argument is computed once. */
const where = (name: string, is: string, then: string): string => `list_transform([${is}], lambda ${name}: ${then})[1]`;
const at = (offset: string): string => `rs.main.rs_farm_word(r, n, ${offset}, 8)`;
/** Twice the length, and more: what texts of up to 64 bytes are multiplied by. */
const FACTOR = sum(big(K2), 'CAST(n AS UHUGEINT) * 2');

export const FARM_FINGERPRINT_MACROS: readonly string[] = [
  `rs_farm_turned(x, places) AS ${where('v', 'x', `(v >> CAST(places AS UHUGEINT)) | ((v << CAST(64 - places AS UHUGEINT)) & ${big(MASK)})`)}`,
  `rs_farm_shifted(x) AS ${where('v', 'x', 'xor(v, v >> 47)')}`,
  `rs_farm_mixed(u, v, m) AS ${where('p', '[u, v, m]', where('a', `rs.main.rs_farm_shifted(${product('xor(p[1], p[2])', 'p[3]')})`, product(`rs.main.rs_farm_shifted(${product('xor(p[2], a)', 'p[3]')})`, 'p[3]')))}`,
  // The bytes are reversed, in hexadecimal: so many of them from an offset are a number, the lowest first.
  `rs_farm_word(r, n, o, size) AS CAST(CAST('0x' || substring(r, (n - o - size) * 2 + 1, size * 2) AS UBIGINT) AS UHUGEINT)`,
  `rs_farm_tiny(r, n) AS ${product(`rs.main.rs_farm_shifted(xor(${product('(rs.main.rs_farm_word(r, n, 0, 1) + rs.main.rs_farm_word(r, n, n // 2, 1) * 256)', big(K2))}, ${product('(CAST(n AS UHUGEINT) + rs.main.rs_farm_word(r, n, n - 1, 1) * 4)', big(K0))}))`, big(K2))}`,
  `rs_farm_small(r, n) AS rs.main.rs_farm_mixed(CAST(n AS UHUGEINT) + rs.main.rs_farm_word(r, n, 0, 4) * 8, rs.main.rs_farm_word(r, n, n - 4, 4), ${FACTOR})`,
  `rs_farm_16(r, n) AS ${where('p', `[${sum(at('0'), big(K2))}, ${at('n - 8')}, ${FACTOR}]`, `rs.main.rs_farm_mixed(${sum(product(turned('p[2]', 37), 'p[3]'), 'p[1]')}, ${product(sum(turned('p[1]', 25), 'p[2]'), 'p[3]')}, p[3])`)}`,
  // a, b, c, d and the factor; then what is mixed of them.
  `rs_farm_ends(r, n, k) AS [${product(at('0'), 'k')}, ${at('8')}, ${product(at('n - 8'), FACTOR)}, ${product(at('n - 16'), big(K2))}, ${FACTOR}]`,
  `rs_farm_left(a, b, c, d) AS ${sum(turned(sum('a', 'b'), 43), turned('c', 30), 'd')}`,
  `rs_farm_right(a, b, c, k) AS ${sum('a', turned(sum('b', 'k'), 18), 'c')}`,
  `rs_farm_32(r, n) AS ${where('p', `rs.main.rs_farm_ends(r, n, ${big(K1)})`, `rs.main.rs_farm_mixed(rs.main.rs_farm_left(p[1], p[2], p[3], p[4]), rs.main.rs_farm_right(p[1], p[2], p[3], ${big(K2)}), p[5])`)}`,
  `rs_farm_64(r, n) AS ${where(
    'p',
    `rs.main.rs_farm_ends(r, n, ${big(K2)})`,
    where(
      'y',
      'rs.main.rs_farm_left(p[1], p[2], p[3], p[4])',
      where(
        'z',
        `rs.main.rs_farm_mixed(y, rs.main.rs_farm_right(p[1], p[2], p[3], ${big(K2)}), p[5])`,
        where(
          'q',
          `[${product(at('16'), 'p[5]')}, ${at('24')}, ${product(sum('y', at('n - 32')), 'p[5]')}, ${product(sum('z', at('n - 24')), 'p[5]')}]`,
          'rs.main.rs_farm_mixed(rs.main.rs_farm_left(q[1], q[2], q[3], q[4]), rs.main.rs_farm_right(q[1], q[2], q[3], p[1]), p[5])',
        ),
      ),
    ),
  )}`,
  // Of longer texts: seven numbers, x, y, z, v and w, that each block of eight words changes.
  `rs_farm_block(r, n, o) AS list_transform(range(0, 64, 8), lambda i: rs.main.rs_farm_word(r, n, o + i, 8))`,
  `rs_farm_pair(b, o, x, y) AS ${where('u', `[${sum('x', 'b[o]')}, y]`, where('d', `[u[1], ${turned(sum('u[2]', 'u[1]', 'b[o + 3]'), 21)}, ${sum('u[1]', 'b[o + 1]', 'b[o + 2]')}]`, `[${sum('d[3]', 'b[o + 3]')}, ${sum('d[2]', turned('d[3]', 44), 'd[1]')}]`))}`,
  `rs_farm_step(s, b, m, c) AS ${where('t', `[xor(${product(turned(sum('s[1]', 's[2]', 's[4]', 'b[2]'), 37), 'm')}, ${product('s[7]', 'c')}), ${sum(product(turned(sum('s[2]', 's[5]', 'b[7]'), 42), 'm'), product('s[4]', 'c'), 'b[6]')}, ${product(turned(sum('s[3]', 's[6]'), 33), 'm')}]`, `[t[3], t[2], t[1]] || rs.main.rs_farm_pair(b, 1, ${product('s[5]', 'm')}, ${sum('t[1]', 's[6]')}) || rs.main.rs_farm_pair(b, 5, ${sum('t[3]', 's[7]')}, ${sum('t[2]', 'b[3]')})`)}`,
  `rs_farm_blocks(r, n) AS list_reduce(list_transform(range(0, (n - 1) // 64 * 64, 64), lambda o: rs.main.rs_farm_block(r, n, o)), lambda s, b: rs.main.rs_farm_step(s, b, ${big(K1)}, ${big(1n)}), [${sum(big(cut(SEED * K2)), at('0'))}, ${big(START_Y)}, ${big(START_Z)}, ${[0n, 0n, 0n, 0n].map(big).join(', ')}])`,
  // The last 64 bytes once more, with a factor of what came out.
  `rs_farm_last(s, n) AS ${where('w', sum('s[6]', 'CAST((n - 1) % 64 AS UHUGEINT)'), where('v', sum('s[4]', 'w'), `[s[1], s[2], s[3], v, s[5], ${sum('w', 'v')}, s[7], ${sum(big(K1), '(s[3] & 255) * 2')}]`))}`,
  `rs_farm_long(r, n) AS ${where('s', 'rs.main.rs_farm_last(rs.main.rs_farm_blocks(r, n), n)', where('e', `rs.main.rs_farm_step(s, rs.main.rs_farm_block(r, n, n - 64), s[8], ${big(9n)})`, `rs.main.rs_farm_mixed(${sum('rs.main.rs_farm_mixed(e[4], e[6], s[8])', product('rs.main.rs_farm_shifted(e[2])', big(K0)), 'e[3]')}, ${sum('rs.main.rs_farm_mixed(e[5], e[7], s[8])', 'e[1]')}, s[8])`))}`,
  `rs_farm_reversed(h) AS array_to_string(list_transform(range(length(h) - 1, 0, -2), lambda i: h[i:i + 1]), '')`,
  `rs_farm_hashed(r, n) AS CASE WHEN n = 0 THEN ${big(K2)} WHEN n < 4 THEN rs.main.rs_farm_tiny(r, n) WHEN n < 8 THEN rs.main.rs_farm_small(r, n) WHEN n <= 16 THEN rs.main.rs_farm_16(r, n) WHEN n <= 32 THEN rs.main.rs_farm_32(r, n) WHEN n <= 64 THEN rs.main.rs_farm_64(r, n) ELSE rs.main.rs_farm_long(r, n) END`,
  `rs_farm(bytes) AS CASE WHEN bytes IS NOT NULL THEN ${where('h', 'hex(bytes)', where('r', 'rs.main.rs_farm_reversed(h)', where('u', 'rs.main.rs_farm_hashed(r, length(r) // 2)', `CAST(CAST(u AS HUGEINT) - CASE WHEN u > 9223372036854775807 THEN CAST('18446744073709551616' AS HUGEINT) ELSE 0 END AS BIGINT)`)))} END`,
];
