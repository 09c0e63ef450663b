import { createHash } from 'node:crypto';

const MAX_ID = 64;
const HASH = 8;

/**
 * Gives units ids of `[a-z0-9-]`: readable where the name allows it, and with a hash of the whole name where two names would otherwise
 * read the same. The same names in any order give the same ids.
 */
export function unitIds(kind: string, names: readonly string[]): Map<string, string> {
  const plain = new Map(names.map((name) => [name, `${kind}-${slug(name)}`]));
  const uses = new Map<string, number>();
  for (const id of plain.values()) uses.set(id, (uses.get(id) ?? 0) + 1);
  return new Map(
    [...plain].map(([name, id]) => {
      const readable = id.length <= MAX_ID && uses.get(id) === 1 && /[a-z0-9]$/.test(id);
      return [name, readable ? id : `${id.slice(0, MAX_ID - HASH - 1).replace(/-+$/, '')}-${hash(name)}`];
    }),
  );
}

function slug(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

function hash(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, HASH);
}
