import type { Fragment } from '../fragment.ts';
import { byType, expectArguments, type FunctionRule } from './function.ts';
import { literalInteger } from './literal-arguments.ts';

/** SHA-224, SHA-384 and SHA-512 in macros: DuckDB has SHA-256 only. https://csrc.nist.gov/pubs/fips/180-4/upd1/final */

const HASHES: Readonly<Record<number, string>> = {
  0: 'sha256',
  224: 'rs_sha224',
  256: 'sha256',
  384: 'rs_sha384',
  512: 'rs_sha512',
};

/** In hexadecimal; the empty string for a number of bits there is no hash of. https://docs.aws.amazon.com/redshift/latest/dg/SHA2.html */
export const sha2: FunctionRule = (call) => {
  expectArguments(call, 2, 2);
  const bits = literalInteger(call, 1);
  const hashed = (value: Fragment, from: string, name: string | undefined): Fragment => {
    const text: Fragment = from === 'BLOB' ? value : ['CAST(', value, ' AS VARCHAR)'];
    if (name === undefined) return ['CASE WHEN ', text, " IS NOT NULL THEN '' END"];
    return [`${name}(`, name === 'sha256' || from === 'BLOB' ? text : ['encode(', text, ')'], ')'];
  };
  return byType(2, 2, ([from = '']) => ({
    type: 'VARCHAR',
    emit: ([value = '', wanted = '']) => {
      if (bits !== undefined) return hashed(value, from, HASHES[bits]);
      const cases = Object.entries(HASHES).map(([size, name]) => [
        `WHEN ${size} THEN `,
        hashed(value, from, name),
        ' ',
      ]);
      return [
        'CASE ',
        wanted,
        ' ',
        cases,
        'ELSE CASE WHEN ',
        wanted,
        ' IS NOT NULL THEN ',
        hashed(value, from, undefined),
        ' END END',
      ];
    },
  }))(call);
};

interface Words {
  /** Of a word. */
  readonly bits: 32 | 64;
  readonly rounds: number;
  /** How far the word `a`, the word `e` and the words of the schedule are rotated; the last of the schedule's are shifts. */
  readonly a: readonly number[];
  readonly e: readonly number[];
  readonly older: readonly [number, number, shift: number];
  readonly newer: readonly [number, number, shift: number];
}

const SMALL: Words = { bits: 32, rounds: 64, a: [2, 13, 22], e: [6, 11, 25], older: [7, 18, 3], newer: [17, 19, 10] };
const LARGE: Words = { bits: 64, rounds: 80, a: [28, 34, 39], e: [14, 18, 41], older: [1, 8, 7], newer: [19, 61, 6] };

const PRIMES = primes(80);

function primes(count: number): readonly number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
}

/** The first 64 bits of the fraction of a number's root. */
function fractionOfRoot(n: number, degree: 2 | 3): bigint {
  const target = BigInt(n) << BigInt(64 * degree);
  let [low, high] = [0n, 1n << 72n];
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** BigInt(degree) <= target) low = middle;
    else high = middle;
  }
  return low & ((1n << 64n) - 1n);
}

const ROOTS = PRIMES.slice(0, 16).map((prime) => fractionOfRoot(prime, 2));
const CONSTANTS = PRIMES.map((prime) => fractionOfRoot(prime, 3));
const LOW = (1n << 32n) - 1n;

const listOf = (numbers: readonly bigint[]): string => `[${numbers.map((n) => `CAST(${n} AS HUGEINT)`).join(',')}]`;

/** Words are numbers of 127 bits, for DuckDB counts no further than a type goes. */
function macrosOf({ bits, rounds, a, e, older, newer }: Words): readonly string[] {
  const mask = `${(1n << BigInt(bits)) - 1n}`;
  const digits = bits / 4;
  const block = 16 * digits;
  const lengthDigits = 2 * digits;
  // What leaves the word is cut off first: there are 127 bits.
  const turned = (x: string, by: number): string =>
    `((${x} >> ${by}) + ((${x} & ${(1n << BigInt(by)) - 1n}) << ${bits - by}))`;
  const mixed = (x: string, by: readonly number[]): string =>
    by.map((n) => turned(x, n)).reduce((l, r) => `xor(${l},${r})`);
  const scheduled = (x: string, [first, second, shift]: Words['older']): string =>
    `xor(${mixed(x, [first, second])},${x} >> ${shift})`;
  const first = `(s[8] + ${mixed('s[5]', e)} + xor(s[5] & s[6],xor(s[5],${mask}) & s[7]) + x[1])`;
  const second = `(${mixed('s[1]', a)} + xor(xor(s[1] & s[2],s[1] & s[3]),s[2] & s[3]))`;
  const given = CONSTANTS.slice(0, rounds).map((c, at) => `[k[${at + 1}] + ${bits === 32 ? c >> 32n : c}]`);
  const name = `rs_sha_${bits}`;
  return [
    `${name}_padded(h) AS h || '80' || repeat('0', (${2 * block} - (length(h) + 2 + ${lengthDigits}) % ${block}) % ${block}) || right(repeat('0', ${lengthDigits}) || printf('%x', length(h) * 4), ${lengthDigits})`,
    `${name}_blocks(p) AS list_transform(range(0, length(p), ${block}), lambda o: list_transform(range(0, ${block}, ${digits}), lambda j: CAST(CAST('0x' || substring(p, o + j + 1, ${digits}) AS UBIGINT) AS HUGEINT)))`,
    `${name}_schedule(b) AS list_reduce(list_transform(range(16, ${rounds}), lambda i: [CAST(0 AS HUGEINT)]), lambda w, i: list_append(w, (${scheduled('w[len(w) - 1]', newer)} + w[len(w) - 6] + ${scheduled('w[len(w) - 14]', older)} + w[len(w) - 15]) & ${mask}), b)`,
    // One list for each round: looked up in a list of constants, each would be made anew for every word.
    `${name}_given(k) AS [${given.join(',')}]`,
    `${name}_block(state, b) AS list_transform([list_reduce(list_transform([rs.main.${name}_schedule(b)], lambda k: rs.main.${name}_given(k))[1], lambda s, x: [(${first} + ${second}) & ${mask}, s[1], s[2], s[3], (s[4] + ${first}) & ${mask}, s[5], s[6], s[7]], state)], lambda r: list_transform(range(1, 9), lambda i: (state[i] + r[i]) & ${mask}))[1]`,
    `${name}_hashed(p, start) AS list_reduce(rs.main.${name}_blocks(p), lambda state, b: rs.main.${name}_block(state, b), start)`,
    `${name}(bytes, start, count) AS array_to_string(list_transform(rs.main.${name}_hashed(rs.main.${name}_padded(hex(bytes)), start)[1:count], lambda w: right(repeat('0', ${digits}) || lower(hex(CAST(w AS UBIGINT))), ${digits})), '')`,
  ];
}

export const SHA2_MACROS: readonly string[] = [
  ...macrosOf(SMALL),
  ...macrosOf(LARGE),
  `rs_sha224(b) AS CASE WHEN b IS NOT NULL THEN rs.main.rs_sha_32(b, ${listOf(ROOTS.slice(8).map((root) => root & LOW))}, 7) END`,
  `rs_sha384(b) AS CASE WHEN b IS NOT NULL THEN rs.main.rs_sha_64(b, ${listOf(ROOTS.slice(8))}, 6) END`,
  `rs_sha512(b) AS CASE WHEN b IS NOT NULL THEN rs.main.rs_sha_64(b, ${listOf(ROOTS.slice(0, 8))}, 8) END`,
];
