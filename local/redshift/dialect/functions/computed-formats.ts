import { DuckDBScalarFunction, VARCHAR, type DuckDBConnection } from '@duckdb/node-api';
import type { Fragment } from '../fragment.ts';
import { isFloat, isNumber } from '../numeric-types.ts';
import { RedshiftError } from '../redshift-error.ts';
import { decimalText } from './decimal-writing.ts';
import { momentRead } from './moment-reading.ts';
import { momentText } from './moment-writing.ts';

/** The function of DuckDB that writes or reads a value: `rs_formatted(operation, value, format, zone)`. */
const FORMATTED = 'rs_formatted';

const operations: Readonly<Record<string, (value: string, format: string, zone: string) => string>> = {
  number: decimalText,
  moment: momentText,
  read: (value, format) => momentRead(value, format, false),
  'read strictly': (value, format) => momentRead(value, format, true),
};

const call = (operation: string, value: Fragment, format: Fragment): Fragment => [
  `${FORMATTED}('${operation}',CAST(`,
  value,
  ' AS VARCHAR),CAST(',
  format,
  ` AS VARCHAR),current_setting('TimeZone'))`,
];

/** TO_CHAR of a value of a DuckDB type, in a format that is no literal. */
export function computedText(value: Fragment, type: string, format: Fragment): Fragment {
  if (!isNumber(type)) return call('moment', value, format);
  return call('number', isFloat(type) ? ['CAST(', value, ' AS DECIMAL(38,15))'] : value, format);
}

/** TO_DATE and TO_TIMESTAMP in a format that is no literal, as TIMESTAMP. */
export function computedMoment(value: Fragment, format: Fragment, strict: boolean): Fragment {
  return ['CAST(', call(strict ? 'read strictly' : 'read', value, format), ' AS TIMESTAMP)'];
}

/** Formats of each row are read by JavaScript, a chunk of rows after the other. Once for each instance. */
export function registerComputedFormats(connection: DuckDBConnection): void {
  connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name: FORMATTED,
      returnType: VARCHAR,
      parameterTypes: Array.from({ length: 4 }, () => VARCHAR),
      specialHandling: true,
      mainFunction: (_info, input, output) => {
        const columns = Array.from({ length: 4 }, (_none, index) => input.getColumnVector(index));
        for (let row = 0; row < input.rowCount; row++) {
          const values = columns.map((column) => column.getItem(row));
          output.setItem(row, values.includes(null) ? null : answer(values.map(String)));
        }
        output.flush();
      },
    }),
  );
}

function answer([operation = '', value = '', format = '', zone = '']: readonly string[]): string {
  try {
    return operations[operation]?.(value, format, zone) ?? '';
  } catch (error) {
    if (!(error instanceof RedshiftError)) throw error;
    throw new Error(`rs:${error.code}:${error.message.replaceAll(';', ',')};`, { cause: error });
  }
}
