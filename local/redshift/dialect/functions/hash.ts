import { shownType } from '../types.ts';
import type { Fragment } from '../fragment.ts';
import { byType, refused, scalar, type FunctionRule, type FunctionTable } from './function.ts';
import { farmFingerprint } from './farm-fingerprint.ts';
import { sha2 } from './sha2.ts';
import { unsupported } from '../redshift-error.ts';

/** A hash of text or of bytes, in hexadecimal. */
const hexadecimal = (name: string): FunctionRule =>
  byType(1, 1, ([from = '']) => ({
    type: 'VARCHAR',
    emit: ([value = '']) => [`${name}(`, from === 'BLOB' ? value : ['CAST(', value, ' AS VARCHAR)'], ')'],
  }));

/** Bytes a value is hashed as: integers in their own width, the lowest byte first. */
const WIDTHS: Readonly<Record<string, number>> = { BOOLEAN: 1, SMALLINT: 2, INTEGER: 4, BIGINT: 8 };

function bytesOf(value: Fragment, type: string): Fragment | undefined {
  const width = WIDTHS[type];
  if (width !== undefined) return ['rs_integer_bytes(CAST(', value, ` AS BIGINT),${width})`];
  if (type === 'VARCHAR' || type === 'UNKNOWN') return ['rs_text_bytes(', value, ')'];
  return undefined;
}

/** https://docs.aws.amazon.com/redshift/latest/dg/r_FNV_HASH.html */
const fnvHash: FunctionRule = byType(1, 2, ([from = ''], call) => ({
  type: 'BIGINT',
  emit: ([value = '', seed = `CAST(-3750763034362895579 AS BIGINT)`]) => {
    const bytes = bytesOf(value, from);
    if (bytes === undefined)
      throw unsupported(`FNV_HASH of a value of type ${shownType(from)}`, call.token.at, 'Cast to VARCHAR or BIGINT.');
    return ['rs_fnv(', bytes, ',', seed, ')'];
  },
}));

/** Whatever is counted in whole numbers is hashed as eight bytes: days and microseconds, too. */
const COUNTS: Readonly<Record<string, string>> = {
  INTEGER: 'CAST(',
  BIGINT: 'CAST(',
  DATE: "CAST(-1*date_diff('day',",
  TIMESTAMP: 'CAST(epoch_us(',
  'TIMESTAMP WITH TIME ZONE': 'CAST(epoch_us(',
};

/**
 * The guide's examples with a seed and of SMALLINT are not those of the specification it names.
 * https://docs.aws.amazon.com/redshift/latest/dg/MURMUR3_32_HASH.html and https://iceberg.apache.org/spec/#appendix-b-32-bit-hash-requirements
 */
const murmur: FunctionRule = byType(1, 2, ([from = ''], call) => ({
  type: 'INTEGER',
  emit: ([value = '']) => {
    if (call.args.length > 1) throw unsupported('MURMUR3_32_HASH with a seed', call.token.at, 'Use FNV_HASH.');
    const count = COUNTS[from];
    if (count === undefined && from !== 'VARCHAR' && from !== 'UNKNOWN')
      throw unsupported(
        `MURMUR3_32_HASH of a value of type ${shownType(from)}`,
        call.token.at,
        'Cast to VARCHAR or BIGINT.',
      );
    const bytes: Fragment =
      count === undefined
        ? ['rs_text_bytes(', value, ')']
        : [
            'rs_integer_bytes(',
            count,
            value,
            from === 'DATE' ? ",DATE '1970-01-01')" : count.endsWith('us(') ? ')' : '',
            ' AS BIGINT),8)',
          ];
    return ['rs_murmur(', bytes, ')'];
  },
}));

/** https://docs.aws.amazon.com/redshift/latest/dg/hash-functions.html */
export const HASH_FUNCTIONS: FunctionTable = {
  md5: hexadecimal('md5'),
  sha: hexadecimal('sha1'),
  sha1: hexadecimal('sha1'),
  func_sha1: hexadecimal('sha1'),
  sha2,
  crc32: scalar(1, 1, ([value = '']) => ['rs_crc32(CAST(', value, ' AS VARCHAR))'], 'VARCHAR'),
  fnv_hash: fnvHash,
  checksum: refused('Use FNV_HASH or MD5.'),
  murmur3_32_hash: murmur,
  farmfingerprint64: farmFingerprint,
};

const WORD = '18446744073709551616';
const HALF = '4294967296';

export const HASH_MACROS: readonly string[] = [
  `rs_hex_digit(h, i) AS strpos('0123456789ABCDEF', h[i]) - 1`,
  `rs_hex_bytes(h) AS list_transform(range(1, length(h), 2), lambda i: CAST(rs.main.rs_hex_digit(h, i) * 16 + rs.main.rs_hex_digit(h, i + 1) AS UHUGEINT))`,
  'rs_text_bytes(s) AS rs.main.rs_hex_bytes(hex(encode(s)))',
  `rs_integer_bytes(n, width) AS list_transform(range(0, width), lambda i: CAST((n >> (8 * i)) & 255 AS UHUGEINT))`,
  // FNV-1a in 64 bits, as a signed number.
  `rs_fnv_unsigned(bytes, seed) AS CAST(list_reduce(bytes, lambda h, b: (xor(h, b) * CAST(1099511628211 AS UHUGEINT)) % CAST(${WORD} AS UHUGEINT), CASE WHEN seed < 0 THEN CAST(CAST(${WORD} AS HUGEINT) + seed AS UHUGEINT) ELSE CAST(seed AS UHUGEINT) END) AS HUGEINT)`,
  `rs_fnv(bytes, seed) AS CAST(rs.main.rs_fnv_unsigned(bytes, seed) - CASE WHEN rs.main.rs_fnv_unsigned(bytes, seed) > 9223372036854775807 THEN CAST(${WORD} AS HUGEINT) ELSE 0 END AS BIGINT)`,
  // Murmur3 in 32 bits, of unsigned numbers in 128. A lambda's argument is computed once.
  `rs_times(a, b) AS (a * CAST(b AS UHUGEINT)) % CAST(${HALF} AS UHUGEINT)`,
  `rs_rotated(a, up, down) AS (a * CAST(up AS UHUGEINT)) % CAST(${HALF} AS UHUGEINT) + a // CAST(down AS UHUGEINT)`,
  `rs_murmur_word(k) AS list_transform([rs.main.rs_times(k, 3432918353)], lambda x: rs.main.rs_times(rs.main.rs_rotated(x, 32768, 131072), 461845907))[1]`,
  `rs_murmur_next(h, k) AS list_transform([xor(h, rs.main.rs_murmur_word(k))], lambda x: (rs.main.rs_times(rs.main.rs_rotated(x, 8192, 524288), 5) + CAST(3864292196 AS UHUGEINT)) % CAST(${HALF} AS UHUGEINT))[1]`,
  `rs_murmur_shifted(x, down) AS xor(x, x // CAST(down AS UHUGEINT))`,
  `rs_murmur_end(h) AS list_transform([h], lambda a: list_transform([rs.main.rs_times(rs.main.rs_murmur_shifted(a, 65536), 2246822507)], lambda b: list_transform([rs.main.rs_times(rs.main.rs_murmur_shifted(b, 8192), 3266489909)], lambda c: rs.main.rs_murmur_shifted(c, 65536))[1])[1])[1]`,
  `rs_little_endian(b) AS list_reduce(list_prepend(CAST(0 AS UHUGEINT), list_reverse(b)), lambda x, y: x * 256 + y)`,
  `rs_murmur_words(b) AS list_transform(range(0, len(b), 4), lambda i: rs.main.rs_little_endian(b[i + 1:i + 4]))`,
  `rs_murmur(bytes) AS list_transform([bytes], lambda b: CASE WHEN b IS NOT NULL THEN list_transform([list_reduce(
      list_prepend(CAST(0 AS UHUGEINT), rs.main.rs_murmur_words(b[1:len(b) // 4 * 4])), lambda h, k: rs.main.rs_murmur_next(h, k))], lambda h:
      list_transform([rs.main.rs_murmur_end(xor(CASE WHEN len(b) % 4 = 0 THEN h ELSE xor(h, rs.main.rs_murmur_word(rs.main.rs_little_endian(b[len(b) // 4 * 4 + 1:]))) END, CAST(len(b) AS UHUGEINT)))], lambda u:
      CAST(CAST(u AS BIGINT) - CASE WHEN u > 2147483647 THEN ${HALF} ELSE 0 END AS INTEGER))[1])[1] END)[1]`,
  // CRC-32C: https://docs.aws.amazon.com/redshift/latest/dg/crc32-function.html
  `rs_crc_bit(c, k) AS CASE WHEN c & 1 = 1 THEN xor(c >> 1, CAST(2197175160 AS BIGINT)) ELSE c >> 1 END`,
  `rs_crc32(s) AS lpad(printf('%x', xor(list_reduce(rs.main.rs_text_bytes(s), lambda h, b: list_reduce(range(1, 9), lambda c, k: rs.main.rs_crc_bit(c, k), xor(h, CAST(b AS BIGINT))), CAST(4294967295 AS BIGINT)), CAST(4294967295 AS BIGINT))), 8, '0')`,
];
