import { hash } from 'node:crypto';

/**
 * What the relations and functions of a warehouse are like, told by a text that is the same only where they are: made of all statements
 * that changed them, in their order. Those that only make what is not there yet are told by what they make, for their order does not
 * matter and the second of them does nothing.
 */
export interface CatalogueVersion {
  readonly digest: string;
  /** After a statement. */
  after(change: CatalogueChange): CatalogueVersion;
}

export interface CatalogueChange {
  readonly sql: string;
  /** What the statement makes unless it is there. */
  readonly makes?: string | undefined;
}

export function catalogueVersion(base: string, made: ReadonlyMap<string, string> = new Map()): CatalogueVersion {
  const digest = made.size === 0 ? base : digestOf(base, ...[...made.values()].sort());
  return {
    digest,
    after: ({ sql, makes }) => {
      if (makes === undefined) return catalogueVersion(digestOf(digest, sql));
      return catalogueVersion(base, made.has(makes) ? made : new Map([...made, [makes, sql]]));
    },
  };
}

export function digestOf(...texts: readonly string[]): string {
  return hash('sha256', JSON.stringify(texts), 'base64');
}

/** Folded, and whole: what is quoted or has no schema depends on the session's settings. */
const NAME = String.raw`[a-z_][a-z0-9_]*`;
const SCHEMA = new RegExp(String.raw`^create\s+schema\s+if\s+not\s+exists\s+(${NAME})\s*$`, 'i');
/** Columns that are written out; a name and a type need nothing but themselves. Schemas of the system may be the session's own. */
const TABLE = new RegExp(
  String.raw`^create\s+table\s+if\s+not\s+exists\s+((?!pg_)${NAME}\.${NAME})\s*\([^'"]*\)[^'"]*$`,
  'i',
);
/** What would make a table of another, bring a sequence with it or compute something. */
const DEPENDS = /\b(?:like|as|identity|default|references|check)\b/i;

/** The relation a statement makes unless there is one of its name, where it does nothing else and needs nothing else. */
export function makesUnlessThere(sql: string): string | undefined {
  const text = sql.trim();
  const schema = SCHEMA.exec(text)?.[1];
  if (schema !== undefined) return `schema ${schema.toLowerCase()}`;
  const table = DEPENDS.test(text) ? undefined : TABLE.exec(text)?.[1];
  return table === undefined ? undefined : `table ${table.toLowerCase()}`;
}
