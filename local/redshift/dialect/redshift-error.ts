/** A statement that Redshift would refuse, or that cannot be run faithfully here, in Redshift's words. */
export class RedshiftError extends Error {
  override readonly name = 'RedshiftError';
  /** SQLSTATE, or the number Redshift's documentation gives (`1023`). */
  readonly code: string;
  /** Offset in UTF-16 units in the statement the user wrote, where known. */
  readonly position: number | undefined;
  /** What to do instead, where something can be done. */
  readonly hint: string | undefined;

  constructor(
    code: string,
    message: string,
    more: { readonly position?: number | undefined; readonly hint?: string | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.position = more.position;
    this.hint = more.hint;
  }
}

/** The SQLSTATEs this dialect raises. See https://www.postgresql.org/docs/8.0/errcodes-appendix.html */
export const SQLSTATE = {
  syntaxError: '42601',
  notSupported: '0A000',
  /** Of no error of Redshift's: the exact form of a query has to be run. */
  blanks: 'RS001',
  undefinedTable: '42P01',
  undefinedColumn: '42703',
  undefinedFunction: '42883',
  invalidColumnReference: '42P10',
  undefinedObject: '42704',
  undefinedSchema: '3F000',
  undefinedDatabase: '3D000',
  undefinedPreparedStatement: '26000',
  duplicatePreparedStatement: '42P05',
  undefinedParameter: '42P02',
  duplicateCursor: '42P03',
  undefinedCursor: '34000',
  invalidCursorState: '24000',
  duplicateTable: '42P07',
  duplicateColumn: '42701',
  duplicateObject: '42710',
  duplicateSchema: '42P06',
  duplicateAlias: '42712',
  ambiguousColumn: '42702',
  ambiguousFunction: '42725',
  grouping: '42803',
  windowing: '42P20',
  datatypeMismatch: '42804',
  cannotCoerce: '42846',
  invalidTableDefinition: '42P16',
  invalidForeignKey: '42830',
  wrongObjectType: '42809',
  divisionByZero: '22012',
  numericOverflow: '22003',
  valueTooLong: '22001',
  invalidText: '22P02',
  invalidDatetime: '22007',
  datetimeOverflow: '22008',
  invalidParameter: '22023',
  invalidEscape: '22025',
  invalidRegularExpression: '2201B',
  invalidNtile: '22014',
  invalidLogarithm: '2201E',
  invalidPower: '2201F',
  notNull: '23502',
  dependentObjects: '2BP01',
  cardinality: '21000',
  activeTransaction: '25001',
  tooComplex: '54001',
  tooManyColumns: '54011',
  objectNotReady: '55000',
  nullNotAllowed: '22004',
  errorInAssignment: '22005',
  caseNotFound: '20000',
  /** RAISE EXCEPTION. */
  raised: 'P0001',
  invalidTermination: '2D000',
  tooManyArguments: '54023',
  duplicateFunction: '42723',
  invalidFunction: '42P13',
  internal: 'XX000',
} as const;

/** A construct that has no faithful counterpart here. */
export function unsupported(construct: string, position?: number, hint?: string): RedshiftError {
  return new RedshiftError(
    SQLSTATE.notSupported,
    `${construct} is not supported by this stand-in for Amazon Redshift`,
    {
      position,
      hint,
    },
  );
}

/** `near` is what stands at the position, of parentheses the first; nothing, or an empty text, where the statement ends before what is lacking. */
export function syntaxError(near: string | undefined, position: number): RedshiftError {
  const first = /^[([]/.exec(near ?? '')?.[0] ?? near;
  return new RedshiftError(
    SQLSTATE.syntaxError,
    first ? `syntax error at or near "${first}"` : 'syntax error at end of input',
    { position },
  );
}
