import { LONGEST_SUPER_TEXT } from './field-value.ts';
import { LOAD_ERROR } from './load-error.ts';
import { identifier, literal } from './sql-text.ts';
import type { TargetColumn } from './target-column.ts';

/** A column of a file beside the table's column it goes into. */
export interface Pair {
  readonly source: string;
  readonly sourceType: string;
  readonly target: TargetColumn;
}

/** A condition under which a value of a column does not fit, and expressions of what Redshift says of it. */
export interface Fault {
  readonly when: string;
  readonly code: number;
  readonly reason: string;
}

export function faultsOf(pair: Pair): readonly Fault[] {
  const { source, target } = pair;
  const missing = { code: LOAD_ERROR.notNull, reason: "'Missing data for not-null field'" };
  return [...(target.notNull ? [{ when: `${identifier(source)} IS NULL`, ...missing }] : []), ...valueFaults(pair)];
}

function valueFaults({ source, sourceType, target: { name, type } }: Pair): readonly Fault[] {
  const column = identifier(source);
  switch (type.kind) {
    case 'super':
      if (sourceType === 'VARCHAR')
        return [
          {
            when: `strlen(${column}) > ${LONGEST_SUPER_TEXT}`,
            code: LOAD_ERROR.json,
            reason: `'String value exceeds the max size of ${LONGEST_SUPER_TEXT} bytes'`,
          },
        ];
      // NaN and infinity are no JSON.
      return /DOUBLE|FLOAT/.test(sourceType)
        ? [
            {
              when: hasNoNumber(`CAST(to_json(${column}) AS VARCHAR)`),
              code: LOAD_ERROR.json,
              reason: "'Invalid JSON for the SUPER data type'",
            },
          ]
        : [];
    case 'char':
      return [
        {
          when: `strlen(CAST(${column} AS VARCHAR)) <> length(CAST(${column} AS VARCHAR))`,
          code: LOAD_ERROR.utf8,
          reason: "'Multibyte character not supported for CHAR (Hint: Try using VARCHAR)'",
        },
        ...tooLong(`strlen(CAST(${column} AS VARCHAR))`, name, type.length),
      ];
    case 'varchar':
      return tooLong(`strlen(CAST(${column} AS VARCHAR))`, name, type.length);
    case 'varbyte':
      return tooLong(`octet_length(${column})`, name, type.length);
    case 'date':
      return outside(column, sourceType, LOAD_ERROR.date, 'Invalid date format or value [YYYY-MM-DD]');
    case 'timestamp':
    case 'timestamptz':
      return outside(
        column,
        sourceType,
        LOAD_ERROR.timestamp,
        'Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]',
      );
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'decimal':
    case 'real':
    case 'double':
    case 'boolean':
    case 'time':
    case 'timetz':
    case 'interval':
      return [];
  }
}

/** Whether JSON as DuckDB writes it has what is no number outside of its texts. */
function hasNoNumber(json: string): string {
  const texts = literal(String.raw`"(\\.|[^"\\])*"`);
  return `(regexp_matches(${json}, 'NaN|Infinity') AND regexp_matches(regexp_replace(${json}, ${texts}, '', 'g'), 'NaN|Infinity'))`;
}

function tooLong(bytes: string, column: string, length: number | undefined): readonly Fault[] {
  if (length === undefined) return [];
  const said = `The length of the data column ${column} is longer than the length defined in the table. Table: ${length}, Data: `;
  return [{ when: `${bytes} > ${length}`, code: LOAD_ERROR.tooLong, reason: `${literal(said)} || ${bytes}` }];
}

/** Days before the year 1 are not supported here, those after the year 9999 nowhere else in COPY. */
function outside(column: string, sourceType: string, code: number, reason: string): readonly Fault[] {
  const day = (text: string): string => `CAST(DATE '${text}' AS ${sourceType})`;
  return [
    { when: `(${column} < ${day('0001-01-01')} OR ${column} >= ${day('10000-01-01')})`, code, reason: literal(reason) },
  ];
}
