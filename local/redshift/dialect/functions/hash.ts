import type { Fragment } from '../fragment.ts';
import { literalInteger } from './literal-arguments.ts';
import { byType, refused, scalar, type FunctionRule, type FunctionTable } from './function.ts';
import { unsupported } from '../redshift-error.ts';

/** A hash of text or of bytes, in hexadecimal. */
const hexadecimal = (name: string): FunctionRule =>
  byType(1, 1, ([from = '']) => ({
    type: 'VARCHAR',
    emit: ([value = '']) => [`${name}(`, from === 'BLOB' ? value : ['CAST(', value, ' AS VARCHAR)'], ')'],
  }));

/** https://docs.aws.amazon.com/redshift/latest/dg/SHA2.html */
const sha2: FunctionRule = (call) => {
  const bits = literalInteger(call, 1);
  if (bits === 256 || bits === 0) return hexadecimal('sha256')({ ...call, args: call.args.slice(0, 1) });
  throw unsupported(`SHA2 of ${bits ?? 'a computed number of'} bits`, call.token.at, 'Use 256.');
};

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
    if (bytes === undefined) throw unsupported(`FNV_HASH of ${from}`, call.token.at, 'Cast to VARCHAR or BIGINT.');
    return ['rs_fnv(', bytes, ',', seed, ')'];
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
  murmur3_32_hash: refused('Use FNV_HASH or MD5.'),
  farmfingerprint64: refused('Use FNV_HASH or MD5.'),
};

const WORD = '18446744073709551616';

export const HASH_MACROS: readonly string[] = [
  `rs_hex_digit(h, i) AS strpos('0123456789ABCDEF', h[i]) - 1`,
  `rs_hex_bytes(h) AS list_transform(range(1, length(h), 2), lambda i: CAST(rs.main.rs_hex_digit(h, i) * 16 + rs.main.rs_hex_digit(h, i + 1) AS UHUGEINT))`,
  'rs_text_bytes(s) AS rs.main.rs_hex_bytes(hex(encode(s)))',
  `rs_integer_bytes(n, width) AS list_transform(range(0, width), lambda i: CAST((n >> (8 * i)) & 255 AS UHUGEINT))`,
  // FNV-1a in 64 bits, as a signed number.
  `rs_fnv_unsigned(bytes, seed) AS CAST(list_reduce(bytes, lambda h, b: (xor(h, b) * CAST(1099511628211 AS UHUGEINT)) % CAST(${WORD} AS UHUGEINT), CASE WHEN seed < 0 THEN CAST(CAST(${WORD} AS HUGEINT) + seed AS UHUGEINT) ELSE CAST(seed AS UHUGEINT) END) AS HUGEINT)`,
  `rs_fnv(bytes, seed) AS CAST(rs.main.rs_fnv_unsigned(bytes, seed) - CASE WHEN rs.main.rs_fnv_unsigned(bytes, seed) > 9223372036854775807 THEN CAST(${WORD} AS HUGEINT) ELSE 0 END AS BIGINT)`,
  // CRC-32C: https://docs.aws.amazon.com/redshift/latest/dg/crc32-function.html
  `rs_crc_bit(c, k) AS CASE WHEN c & 1 = 1 THEN xor(c >> 1, CAST(2197175160 AS BIGINT)) ELSE c >> 1 END`,
  `rs_crc32(s) AS lpad(printf('%x', xor(list_reduce(rs.main.rs_text_bytes(s), lambda h, b: list_reduce(range(1, 9), lambda c, k: rs.main.rs_crc_bit(c, k), xor(h, CAST(b AS BIGINT))), CAST(4294967295 AS BIGINT)), CAST(4294967295 AS BIGINT))), 8, '0')`,
];
