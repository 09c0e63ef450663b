/** Whoever is connected owns everything. */
export const OWNER = `coalesce(getvariable('rs_user'), 'admin')`;

/** The sequence on which users, groups, roles and privileges are kept: dialect/access-records.ts. */
export const KEPT_AT = 'rs_access';

/** What is kept there of the session's database, as JSON: no row where nothing was ever recorded. */
export const ACCESS_RECORDS = `SELECT comment FROM duckdb_sequences() WHERE database_name = current_database() AND sequence_name = '${KEPT_AT}'`;

/**
 * Letters of privileges in an access list, in the order PostgreSQL writes them; DROP, TRUNCATE and ALTER are Redshift's own.
 * https://www.postgresql.org/docs/8.0/sql-grant.html
 */
const LETTERS = [
  ['a', 'INSERT'],
  ['r', 'SELECT'],
  ['w', 'UPDATE'],
  ['d', 'DELETE'],
  ['R', 'RULE'],
  ['x', 'REFERENCES'],
  ['t', 'TRIGGER'],
  ['X', 'EXECUTE'],
  ['U', 'USAGE'],
  ['C', 'CREATE'],
  ['T', 'TEMPORARY'],
  ['D', 'DROP'],
  ['P', 'TRUNCATE'],
  ['A', 'ALTER'],
] as const;

/** What the owner of an object has, as soon as anybody was given something on it. */
const OWNED = { relation: 'arwdRxtDPA', schema: 'UC', database: 'CT', function: 'X', language: 'U' } as const;

/** A statement that asks for access lists: it names one, or all columns of a table of the catalogue that has one. */
export const ASKS_ACCESS_LISTS =
  /\b(?:rel|nsp|dat|pro|lan)acl\b|\*[^]*\bpg_(?:class|namespace|database|proc|language)/i;

/** Brings what was granted where {@link accessList} finds it: to read it there costs more than the rest of most questions about the catalogue. */
export const READ_ACCESS_LISTS = `SET VARIABLE rs_access = (
  SELECT map_from_entries(list((object, list_concat([${OWNER} || '=' || owned || '/' || ${OWNER}], list))))
  FROM (SELECT object, owned, list(grantee || '=' || letters || '/' || ${OWNER} ORDER BY grantee) AS list
    FROM (SELECT (p->>'on') || ' ' || (p->>'schema') || '.' || (p->>'object') AS object, owned,
        CASE (p->>'$.to.kind') WHEN 'public' THEN '' WHEN 'user' THEN '' ELSE (p->>'$.to.kind') || ' ' END
          || CASE (p->>'$.to.kind') WHEN 'public' THEN '' ELSE p->>'$.to.name' END AS grantee,
        string_agg(letter || CASE WHEN (p->>'admin') = 'true' THEN '*' ELSE '' END, '' ORDER BY place) AS letters
      FROM (SELECT unnest(CAST(json_extract(CAST(comment AS JSON), '$.privileges') AS JSON[])) AS p FROM (${ACCESS_RECORDS}))
      JOIN (VALUES ${LETTERS.map(([letter, name], place) => `(${place}, '${letter}', '${name}')`).join(', ')}) l(place, letter, privilege)
        ON l.privilege = (p->>'privilege')
      JOIN (VALUES ${Object.entries(OWNED)
        .map(([kind, owned]) => `('${kind}', '${owned}')`)
        .join(', ')}) o(kind, owned) ON o.kind = (p->>'on')
      GROUP BY ALL)
    GROUP BY ALL))`;

export const FORGET_ACCESS_LISTS = 'RESET VARIABLE rs_access';

/** The access list of an object; NULL where nothing was granted on it. Lists are of texts, as `array_to_string` takes them. */
export function accessList(kind: keyof typeof OWNED, schema: string, object: string): string {
  return `CAST(getvariable('rs_access') AS MAP(VARCHAR, VARCHAR[]))['${kind} ' || ${schema} || '.' || ${object}]`;
}
