import { loads, rejects, type Chapter } from '../chapter.ts';

const AUTO = "timeformat 'auto' dateformat 'auto'";

/** A value in columns of all three types. */
const everywhere = (value: string): string => `${value}|${value}|${value}\n`;
const COLUMNS = 'a timestamp, b timestamptz, c date';

export const COPY_DATES: Chapter = {
  title: 'DATEFORMAT and TIMEFORMAT of COPY',
  page: 'r_DATEFORMAT_and_TIMEFORMAT_strings.html',
  setup: [],
  cases: [
    loads('a date', 'Jan-01-1999\n', "dateformat as 'MON-DD-YYYY'", ['1999-01-01']),
    loads('a date', '03/31/2003\n', "dateformat as 'MM/DD/YYYY'", ['2003-03-31']),
    loads('a date', 'March 31, 2003\n', "dateformat as 'MON DD, YYYY'", ['2003-03-31']),
    loads(
      'a timestamp',
      '03.31.2003 18:45:05\n03.31.2003 18:45:05.123456\n',
      "timeformat as 'MM.DD.YYYY HH:MI:SS'",
      ['2003-03-31 18:45:05'],
      ['2003-03-31 18:45:05.123456'],
    ),
    // HH is HH24 here.
    loads('a timestamp', '2020-01-02 15:04\n', "timeformat 'YYYY-MM-DD HH:MI'", ['2020-01-02 15:04:00']),
    loads('a timestamp', '2020-01-02 03:04 PM\n', "timeformat 'YYYY-MM-DD HH12:MI AM'", ['2020-01-02 15:04:00']),
    loads('a timestamptz', '2020-01-02 03:04:05-8:00\n', '', ['2020-01-02 11:04:05+00']),
    loads('a timestamptz', '2020-01-02 03:04:05+02\n', "timeformat 'YYYY-MM-DD HH:MI:SS'", ['2020-01-02 01:04:05+00']),
    // https://docs.aws.amazon.com/redshift/latest/dg/automatic-recognition.html
    ...(
      [
        ['2019-02-11T05:09:12.195Z', '2019-02-11 05:09:12.195', '2019-02-11 05:09:12.195+00', '2019-02-11'],
        ['J2451187', '1999-01-08 00:00:00', '1999-01-08 00:00:00+00', '1999-01-08'],
        ['J2345678 04:05:06.789', '1710-02-23 04:05:06.789', '1710-02-23 04:05:06.789+00', '1710-02-23'],
        ['19960108 040809', '1996-01-08 04:08:09', '1996-01-08 04:08:09+00', '1996-01-08'],
        ['960108 040809', '1996-01-08 04:08:09', '1996-01-08 04:08:09+00', '1996-01-08'],
        ['1996.008', '1996-01-08 00:00:00', '1996-01-08 00:00:00+00', '1996-01-08'],
        ['1996-01-08 04:05:06.789', '1996-01-08 04:05:06.789', '1996-01-08 04:05:06.789+00', '1996-01-08'],
        ['17 Dec 07:37:16 1997 PST', '1997-12-17 07:37:16', '1997-12-17 15:37:16+00', '1997-12-17'],
        ['12/17/1997 07:37:16.00 PST', '1997-12-17 07:37:16', '1997-12-17 15:37:16+00', '1997-12-17'],
        ['1997-12-17 07:37:16-08', '1997-12-17 07:37:16', '1997-12-17 15:37:16+00', '1997-12-17'],
        ['12.17.1997 07:37:16.00 PST', '1997-12-17 07:37:16', '1997-12-17 15:37:16+00', '1997-12-17'],
      ] as const
    ).map(([value, ...row]) => loads(COLUMNS, everywhere(value), AUTO, row)),
    ...['', 'acceptanydate '].map((option) =>
      rejects('a date', 'Jan-08-95 BC\n', `${option}dateformat 'auto'`, {
        line: 1,
        column: 'a',
        type: 'date',
        code: 1205,
        reason: 'Dates before the year 1 are not supported by the local cluster',
      }),
    ),
    rejects('a timestamp', '1577934245\n', "timeformat 'auto'", {
      line: 1,
      code: 1206,
      reason: 'Invalid timestamp format or value [auto]',
    }),
    loads('a timestamp', '1577934245.25\n', "timeformat 'epochsecs'", ['2020-01-02 03:04:05.25']),
    loads('a timestamp', '1577934245123\n', "timeformat 'epochmillisecs'", ['2020-01-02 03:04:05.123']),
    rejects('a timestamp', '1577934245\n', "timeformat 'EPOCHSECS'", {
      line: 1,
      code: 1206,
      reason: 'Invalid timestamp format or value [EPOCHSECS]',
    }),
    // A time after a date is cut off, nothing else is.
    loads('a date', '2020-01-02 10:11:12\n2020-01-02T10:11\n', '', ['2020-01-02'], ['2020-01-02']),
    ...['0044-01-01 BC', '2020-01-02xyz', '10000-01-01', '0000-00-00', '2020-02-30'].map((value) =>
      rejects('a date', `${value}\n`, '', {
        line: 1,
        column: 'a',
        type: 'date',
        code: 1205,
        reason: 'Invalid date format or value [YYYY-MM-DD]',
        rawField: value,
      }),
    ),
    loads('a date, b timestamp', '00/00/00|00/00/00 00:00:00\n', "acceptanydate dateformat 'YYYY-MM-DD'", [null, null]),
  ],
};
