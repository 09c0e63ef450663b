import { readName } from '../names.ts';
import { RedshiftError, SQLSTATE } from '../redshift-error.ts';
import { isWord, significant } from '../token-tree.ts';
import type { Statement } from './statement.ts';

/** Objects that no local cluster has, since their CREATE is refused, by the tag of their DROP: what they are called, and their words. */
const ABSENT: Readonly<Record<string, readonly [name: string, words: number]>> = {
  // https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_EXTERNAL_VIEW.html
  'DROP EXTERNAL VIEW': ['external view', 2],
  // https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_IDENTITY_PROVIDER.html
  'DROP IDENTITY': ['identity provider', 2],
  // https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_MASKING_POLICY.html
  'DROP MASKING': ['masking policy', 2],
  // https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_RLS_POLICY.html
  'DROP RLS': ['RLS policy', 2],
  // https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_DATASHARE.html
  'DROP DATASHARE': ['datashare', 1],
  // https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_MODEL.html
  'DROP MODEL': ['model', 1],
  // https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_LIBRARY.html
  'DROP LIBRARY': ['library', 1],
};

/** DROP of what is never there: nothing to do IF EXISTS, else an error. */
function dropAbsent({ nodes: all, command }: Statement): undefined {
  const nodes = significant(all);
  const [kind, words] = ABSENT[command] ?? ['object', 1];
  const at = 1 + words;
  if (isWord(nodes[at], 'IF') && isWord(nodes[at + 1], 'EXISTS')) {
    readName(nodes, at + 2);
    return undefined;
  }
  const { name } = readName(nodes, at);
  throw new RedshiftError(SQLSTATE.undefinedObject, `${kind} "${name.shown}" does not exist`, {
    position: name.position,
  });
}

export const ABSENT_STATEMENTS: Readonly<Record<string, (statement: Statement) => undefined>> = Object.fromEntries(
  Object.keys(ABSENT).map((command) => [command, dropAbsent]),
);
