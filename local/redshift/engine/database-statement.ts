import { collationNamed } from '../dialect/collations.ts';
import { isTrivia, lex, nameOf } from '../dialect/lexer.ts';
import { refuseSerializable } from '../dialect/statements/alter-container.ts';
import { syntaxError, unsupported } from '../dialect/redshift-error.ts';

/** The databases of a cluster, as statements change them. */
export interface Databases {
  createDatabase(name: string): Promise<void>;
  dropDatabase(name: string): Promise<void>;
}

export interface DatabaseStatement {
  readonly command: 'CREATE DATABASE' | 'DROP DATABASE';
  readonly name: string;
}

/**
 * CREATE or DROP DATABASE; undefined for every other statement. Owner and connection limit make no difference here, and every database has
 * snapshot isolation, as one has by default.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_DATABASE.html
 * @throws RedshiftError where there is no name, another isolation is asked for, or the database would come from a datashare or an integration.
 */
export function databaseStatement(sql: string): DatabaseStatement | undefined {
  const tokens = lex(sql).filter((token) => !isTrivia(token));
  const [verb, database, name] = tokens;
  if (database?.word !== 'DATABASE' || (verb?.word !== 'CREATE' && verb?.word !== 'DROP')) return undefined;
  if (name?.type !== 'word' && name?.type !== 'quoted') throw syntaxError(name?.text, name?.at ?? sql.length);
  const collation = tokens.findIndex(({ word }) => word === 'COLLATE');
  const collated = tokens[collation + 1];
  if (collation > 0 && collated && collationNamed(collated) !== 'case_sensitive')
    throw unsupported(
      'CREATE DATABASE … COLLATE CASE_INSENSITIVE',
      collated.at,
      'Declare the columns COLLATE CASE_INSENSITIVE.',
    );
  refuseSerializable('CREATE DATABASE', tokens);
  const source = tokens.find(({ word }) => word === 'FROM');
  if (source) throw unsupported('CREATE DATABASE … FROM a datashare or an integration', source.at);
  return { command: `${verb.word} DATABASE`, name: nameOf(name) };
}
