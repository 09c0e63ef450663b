import { isWord, significant, type Node } from './token-tree.ts';

/** The words a statement begins with, in upper case; `(` and `…` for what is no word. */
export function leadingWords(nodes: readonly Node[], count = 8): readonly string[] {
  return significant(nodes)
    .slice(0, count)
    .map((node) => (node.type === 'word' ? node.word : node.type === 'group' ? '(' : '…'));
}

/** What WITH may stand before, beside a query. */
const AFTER_WITH = ['UPDATE', 'DELETE'];
const TWO_WORDS = new Set(['CREATE', 'DROP', 'ALTER']);
const MODIFIERS = new Set(['OR', 'REPLACE', 'LOCAL', 'GLOBAL', 'TEMP', 'TEMPORARY']);

/** Redshift's command tag: `SELECT`, `CREATE TABLE`, `ALTER TABLE APPEND`, … */
export function commandTag(nodes: readonly Node[]): string {
  const words = leadingWords(nodes);
  const first = words[0] ?? '';
  // https://docs.aws.amazon.com/redshift/latest/dg/r_DELETE.html and r_UPDATE.html; INSERT has its WITH behind it.
  const changes = first === 'WITH' ? nodes.find((node) => isWord(node, 'SELECT', ...AFTER_WITH)) : undefined;
  if (isWord(changes, ...AFTER_WITH)) return changes.word;
  if (first === 'SELECT' || first === 'WITH' || first === '(' || first === 'VALUES')
    return nodes.some((node) => isWord(node, 'INTO')) && first !== '(' ? 'SELECT INTO' : 'SELECT';
  if (first === 'ALTER' && words[1] === 'TABLE' && nodes.some((node) => isWord(node, 'APPEND')))
    return 'ALTER TABLE APPEND';
  if (first === 'ALTER' && words[1] === 'TABLE' && changesType(significant(nodes))) return 'ALTER TABLE ALTER COLUMN';
  if (first === 'RESET' && words[1] === 'USE') return 'RESET USE';
  if (!TWO_WORDS.has(first)) return first;
  const [kind = '', next] = words.slice(1).filter((word) => !MODIFIERS.has(word));
  return kind === 'MATERIALIZED' || kind === 'EXTERNAL' ? `${first} ${kind} ${next ?? ''}` : `${first} ${kind}`;
}

/** `… ALTER [COLUMN] c TYPE …` */
function changesType(nodes: readonly Node[]): boolean {
  return nodes.some((node, at) => {
    const [verb, column] = [nodes[at - 2], nodes[at - 1]];
    return isWord(node, 'TYPE') && isWord(verb, 'ALTER', 'COLUMN') && !isWord(column, 'COLUMN');
  });
}
