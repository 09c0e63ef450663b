import type { UnloadWishes } from '../manifest/manifest.ts';
import { integer, literal, roleLiteral, s3Literal } from './literal.ts';

export interface UnloadTarget {
  readonly bucket: string;
  /** Files are named by what Redshift adds to this: `000.csv`, `manifest`. */
  readonly keyPrefix: string;
  readonly roleArn: string;
}

const EXTENSIONS = { none: 'csv', gzip: 'csv.gz', zstd: 'csv.zst' } as const;

/**
 * UNLOAD of a query as CSV. A run writes under a prefix of its own, so overwriting only ever replaces what an earlier attempt of the same
 * run left. https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html
 */
export function unloadSql(query: string, target: UnloadTarget, wishes: UnloadWishes): string {
  return [
    `unload (${literal(query)})`,
    `to ${s3Literal(target.bucket, target.keyPrefix)}`,
    `iam_role ${roleLiteral(target.roleArn)}`,
    'format as csv',
    ...(wishes.delimiter === ','
      ? []
      : [`delimiter as ${wishes.delimiter === '\t' ? String.raw`'\t'` : literal(wishes.delimiter)}`]),
    ...(wishes.header ? ['header'] : []),
    ...(wishes.compression === 'none' ? [] : [wishes.compression]),
    `extension ${literal(EXTENSIONS[wishes.compression])}`,
    `parallel ${wishes.parallel ? 'on' : 'off'}`,
    ...(wishes.maxFileSizeMb === undefined ? [] : [`maxfilesize ${integer(wishes.maxFileSizeMb)} mb`]),
    'allowoverwrite',
    'manifest verbose',
  ].join('\n');
}
