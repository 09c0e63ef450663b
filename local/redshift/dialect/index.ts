export { FOLDED, lex, literal, identifier, stringValue, type NameCases, type Token } from './lexer.ts';
export { nameCases } from './configuration.ts';
export { RedshiftError, SQLSTATE, syntaxError, unsupported } from './redshift-error.ts';
export {
  databaseSetup,
  INSTANCE_SETUP,
  MACRO_DATABASE,
  prepareDatabase,
  prepareSession,
  searchPath,
  sessionSetup,
} from './session.ts';
export {
  executed,
  noSuchStatement,
  preparedCommand,
  statementExists,
  type PreparedCommand,
  type PreparedStatement,
} from './prepared.ts';
export { splitStatements } from './split-statements.ts';
export { knownColumns } from './column-origins.ts';
export { textTypes, type TextType } from './text-types.ts';
export { MACROS } from './functions/macros.ts';
export { translate } from './translate.ts';
export type { Database, Step, Translation } from './translation.ts';
export { redshiftError } from './errors.ts';
export { registerComputedFormats } from './functions/computed-formats.ts';
export { registerPcre } from './functions/pcre.ts';
export { registerSuperEquality } from './super-equality.ts';
export {
  NO_ATTRIBUTES,
  parseAttributes,
  readTable,
  writeAttributes,
  type ColumnAttributes,
  type StoredColumn,
  type StoredTable,
  type TableAttributes,
} from './attributes.ts';
export { redshiftType, resultColumn, type ResultColumn } from './result-columns.ts';
export { typeOfDuckDb, type RedshiftType } from './types.ts';
