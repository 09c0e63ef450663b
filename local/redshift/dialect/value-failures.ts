import { namedType, type FailureRule } from './failure-rule.ts';
import { SQLSTATE } from './redshift-error.ts';

/** Values that do not fit or cannot be read. */
export const VALUE_FAILURES: readonly FailureRule[] = [
  {
    pattern: /NOT NULL constraint failed: (?:.*\.)?(\S+)/,
    make: ([, column]) => [SQLSTATE.notNull, `Cannot insert a NULL value into column ${column}`],
  },
  {
    pattern: /CHECK constraint failed on table \S+ with expression CHECK\(\(+strlen\("?(.*?)"?\) <= (\d+)\)/,
    make: ([, , length]) => [SQLSTATE.valueTooLong, `value too long for type character varying(${length})`],
  },
  {
    pattern: /CHECK constraint failed on table \S+ with expression CHECK\(\(+(\d+) >= strlen/,
    make: ([, length]) => [SQLSTATE.valueTooLong, `value too long for type character(${length})`],
  },
  {
    pattern: /CHECK constraint failed on table \S+ with expression CHECK\(\(+octet_length\("?(.*?)"?\) <= (\d+)\)/,
    make: ([, , length]) => [SQLSTATE.valueTooLong, `value too long for type binary varying(${length})`],
  },
  {
    pattern: /Could not convert string ['"](\s*[+-]?\d+\s*)['"] to (INT(?:16|32|64|128))\b/,
    make: ([, value = '', type = '']) => [
      SQLSTATE.numericOverflow,
      `value "${value}" is out of range for type ${RANGES[type] ?? 'numeric'}`,
    ],
  },
  {
    pattern: /Could not convert string ['"]\s*[+-]?[\d.]*\d[\d.]*(?:[eE][+-]?\d+)?\s*['"] to DECIMAL/,
    make: () => [SQLSTATE.numericOverflow, 'Numeric data overflow (result precision)'],
  },
  {
    pattern: /Could not convert string ['"]([^]*)['"] to (\S+)/,
    make: ([, value, type = '']) => [
      SQLSTATE.invalidText,
      `invalid input syntax for ${INPUT_NAMES[type] ?? `type ${type.startsWith('DECIMAL') ? 'numeric' : type.toLowerCase()}`}: "${value}"`,
    ],
  },
  {
    pattern:
      /(?:invalid )?(date|timestamp|time) field value out of range: "([^]*)"|invalid (date|timestamp|time) field format: "([^]*)"/,
    make: ([, type, value, otherType, other]) => [
      SQLSTATE.invalidDatetime,
      `invalid input syntax for type ${type ?? otherType}: "${value ?? other}"`,
    ],
  },
  {
    pattern:
      /Unable to cast '([^]*)' to (TIMESTAMP|DATE|TIME|INTERVAL)\b|Failed to cast value to numerical: ([^]*?)(?: when casting [^]*)?$/,
    make: ([, value, type, number]) => [
      SQLSTATE.invalidText,
      `invalid input syntax for type ${type?.toLowerCase() ?? 'numeric'}: "${value ?? number}"`,
    ],
  },
  {
    pattern: /Could not parse string|Could not cast value .* to (?:DATE|TIMESTAMP)/,
    make: (_match, { message }) => [SQLSTATE.invalidDatetime, message.split('\n')[0] ?? ''],
  },
  {
    pattern:
      /Could not cast value (\S+) to DECIMAL|Casting value "[^]*" to type DECIMAL\S* failed|Could not convert string .* to DECIMAL|Overflow in \S+ of DECIMAL|DECIMAL\S* (?:out of range|overflow)/i,
    make: () => [SQLSTATE.numericOverflow, 'Numeric data overflow (result precision)'],
  },
  {
    pattern:
      /Overflow in \S+ of (INT16|INT32|INT64|INT128|HUGEINT)|(?:(?:Type|Value) .* can't be cast because the value is out of range for the destination type|Failed to cast decimal value \S+ to type) (\S+)|out of range for (?:the destination )?type/i,
    make: ([, from, to]) => [
      SQLSTATE.numericOverflow,
      OVERFLOWS[from ?? to ?? ''] ?? 'Numeric data overflow (result precision)',
    ],
  },
  {
    pattern:
      /^(?:Invalid Input Error: )?(invalid perl operator|missing (?:closing )?\S+|invalid \S+ (?:class|range|escape)|invalid escape sequence|no argument for repetition|bad repetition)[^]*/,
    make: ([text]) => [SQLSTATE.invalidRegularExpression, `Invalid regular expression: ${text.split('\n')[0]}`],
  },
  {
    pattern: /(cannot take logarithm of (?:zero|a negative number))|divison by zero in based logarithm/,
    make: ([, text = 'the base of a logarithm cannot be 1']) => [SQLSTATE.invalidLogarithm, text],
  },
  {
    pattern: /cannot take square root of a negative number/,
    make: ([text]) => [SQLSTATE.invalidPower, text],
  },
  {
    pattern: /is undefined outside \[-1,1\]|is out of range for numeric function/,
    make: () => [SQLSTATE.numericOverflow, 'input is out of range'],
  },
  {
    pattern: /Invalid input for hex digit: (.)/,
    make: ([, digit = '']) => [SQLSTATE.invalidParameter, `invalid hexadecimal digit: "${digit}"`],
  },
  {
    pattern: /(?:STDDEV|VAR)_?(?:SAMP|POP) is out of range!/,
    make: () => [SQLSTATE.numericOverflow, 'type "double precision" value out of range: overflow'],
  },
  {
    pattern: /Overflow in \w+ of INTERVAL/,
    make: () => [SQLSTATE.datetimeOverflow, 'interval out of range'],
  },
  {
    pattern: /Cannot (?:AND|OR|XOR) bit strings of different sizes|Cannot cast empty BLOB to BIT/,
    make: () => [SQLSTATE.invalidParameter, 'values of VARBYTE whose bits are combined must have the same length'],
  },
  {
    pattern: /JSON key cannot be NULL/,
    make: () => [SQLSTATE.invalidParameter, 'a key of OBJECT cannot be NULL'],
  },
  {
    pattern: /Needed scale \d+ to accurately represent the multiplication result/,
    make: () => [SQLSTATE.numericOverflow, '128 bit numeric data overflow (multiplication)'],
  },
  {
    pattern: /(date|timestamp)(?: and time)? not in (?:date|timestamp) range|Overflow in .* of (?:DATE|TIMESTAMP)/i,
    make: () => [SQLSTATE.datetimeOverflow, 'timestamp out of range'],
  },
  {
    pattern: /Unimplemented type for cast \(((?:[^()]|\([^)]*\))+) -> ((?:[^()]|\([^)]*\))+)\)/,
    make: ([, from = '', to = '']) => [SQLSTATE.cannotCoerce, `cannot cast type ${shown(from)} to ${shown(to)}`],
  },
];

const shown = (type: string): string => namedType(type).replace('json[]', 'super');

const RANGES: Readonly<Record<string, string>> = { INT16: 'smallint', INT32: 'integer', INT64: 'bigint' };

const INPUT_NAMES: Readonly<Record<string, string>> = {
  INT16: 'integer',
  INT32: 'integer',
  INT64: 'integer',
  INT128: 'type numeric',
  DOUBLE: 'type double precision',
  FLOAT: 'type real',
  BOOL: 'type boolean',
};

const OVERFLOWS: Readonly<Record<string, string>> = {
  INT16: 'Value out of range for 2 bytes.',
  INT32: 'Value out of range for 4 bytes.',
  INT64: 'Value out of range for 8 bytes.',
};
