import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type BuildOptions } from 'esbuild';
import { parse } from 'yaml';

/** What a function's zip may weigh, with what it carries beside its bundle. */
const LARGEST_ZIP_BYTES = 250_000;
const BESIDE_THE_BUNDLE_BYTES = 20_000;

interface ServerlessEsbuild {
  readonly custom: { readonly esbuild: Pick<BuildOptions, 'mainFields' | 'banner' | 'target' | 'format' | 'platform'> };
}

test.each(globSync('functions/*.ts').map((file) => basename(file, '.ts')))(
  'the zip of %s stays under 250 KB',
  async (name) => {
    const {
      mainFields = [],
      banner = {},
      target = '',
      format,
      platform,
    } = (parse(readFileSync('serverless.yml', 'utf8')) as ServerlessEsbuild).custom.esbuild;
    const { outputFiles } = await build({
      entryPoints: [`functions/${name}.ts`],
      bundle: true,
      minify: true,
      write: false,
      logLevel: 'silent',
      legalComments: 'none',
      mainFields: [...mainFields],
      banner,
      target,
      ...(format ? { format } : {}),
      ...(platform ? { platform } : {}),
    });
    expect(gzipSync(outputFiles[0]?.contents ?? '').length).toBeLessThan(LARGEST_ZIP_BYTES - BESIDE_THE_BUNDLE_BYTES);
  },
);
