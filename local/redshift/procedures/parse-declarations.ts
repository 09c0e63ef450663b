import { RedshiftError, SQLSTATE } from '../dialect/redshift-error.ts';
import type { Declaration, Sql } from './body.ts';
import { listed, solid, type TokenReader } from './token-reader.ts';

const textOf = (sql: Sql): string =>
  sql
    .map(({ text }) => text)
    .join('')
    .trim();

/** Everything between DECLARE and BEGIN. https://docs.aws.amazon.com/redshift/latest/dg/c_PLpgSQL-structure.html#r_PLpgSQL-variable-declaration */
export function parseDeclarations(reader: TokenReader): readonly Declaration[] {
  const declarations: Declaration[] = [];
  while (reader.peek()?.word !== 'BEGIN') {
    if (reader.accept('DECLARE')) continue;
    const place = reader.peek();
    const declaration = parseDeclaration(reader);
    if (declarations.some(({ name }) => name === declaration.name))
      throw new RedshiftError(SQLSTATE.syntaxError, `duplicate declaration of "${declaration.name}"`, {
        position: place?.at,
      });
    declarations.push(declaration);
    reader.expect(';');
  }
  return declarations;
}

function parseDeclaration(reader: TokenReader): Declaration {
  const name = reader.name();
  if (reader.accept('ALIAS')) {
    reader.expect('FOR');
    return { name, type: '', constant: true, notNull: false, alias: reader.take().text.toLowerCase() };
  }
  if (reader.accept('CURSOR')) {
    const args = reader.peek()?.text === '(' ? listed(solid(reader.until('FOR', 'IS')).slice(1, -1)) : [];
    reader.expect('FOR', 'IS');
    const query = reader.until(';');
    const names = args.map((arg) => solid(arg)[0]?.text.toLowerCase() ?? '');
    return { name, type: 'refcursor', constant: false, notNull: false, cursor: { args: names, query } };
  }
  const constant = reader.accept('CONSTANT') !== undefined;
  const type = textOf(reader.until(';', ':=', '=', 'DEFAULT', 'NOT'));
  const notNull = reader.accept('NOT') !== undefined;
  if (notNull) reader.expect('NULL');
  const initial = reader.accept(':=', '=', 'DEFAULT') ? reader.until(';') : undefined;
  return { name, type, constant, notNull, initial };
}
