/**
 * The folder rules: who may import whom, which names a file may have. Prints every violation as `file:line what`, exits 1 on any.
 * The table is the one in docs/architecture.md.
 */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize, sep } from 'node:path';

interface Rule {
  /** Files whose path starts with this… */
  readonly from: string;
  /** …may import, of this project, only from these. */
  readonly may: readonly string[];
}

const DOMAIN = ['manifest', 'plan', 'redshift-sql', 'sql-project', 'report', 'errors'];

/** The first rule whose `from` matches decides. */
const RULES: readonly Rule[] = [
  ...DOMAIN.map((folder) => ({ from: `src/${folder}/`, may: DOMAIN.map((other) => `src/${other}/`) })),
  { from: 'src/', may: ['src/'] },
  { from: 'functions/', may: ['src/'] },
  { from: 'local/', may: ['local/'] },
  { from: 'cli/', may: ['src/', 'local/', 'cli/'] },
  { from: 'tests/', may: [''] },
  { from: 'bench/', may: [''] },
  { from: 'examples/', may: [''] },
  { from: 'scripts/', may: [''] },
];

/** Nothing of the product imports these. */
const LEAVES = ['tests/', 'bench/', 'examples/', 'docs/', 'scripts/'];

const VAGUE = /^(utils?|helpers?|common|misc|shared|stuff)$/;
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|config|d))?\.(ts|mjs)$/;

const files = globSync('{src,functions,local,cli,tests,bench,examples,scripts}/**/*.{ts,mjs}').map((file) =>
  file.split(sep).join('/'),
);
const violations: string[] = [];

for (const file of files) {
  if (!KEBAB.test(basename(file))) violations.push(`${file}:1 file names are kebab-case`);
  for (const part of file.split('/'))
    if (VAGUE.test(part.replace(/\..*$/, ''))) violations.push(`${file}:1 '${part}' names no concept`);
  const rule = RULES.find(({ from }) => file.startsWith(from));
  readFileSync(file, 'utf8')
    .split('\n')
    .forEach((line, at) => {
      const where = `${file}:${at + 1}`;
      const specifier = /(?:\bfrom|\bimport|\bimport\()\s*['"]([^'"]+)['"]/.exec(line)?.[1];
      if (specifier === undefined) return;
      if (specifier.startsWith('@aws-sdk/') && file.startsWith('src/') && !file.startsWith('src/aws/'))
        violations.push(`${where} SDK clients live in src/aws/ only`);
      if (!specifier.startsWith('.')) return;
      const target = normalize(join(dirname(file), specifier))
        .split(sep)
        .join('/');
      if (!rule?.may.some((prefix) => target.startsWith(prefix))) violations.push(`${where} must not import ${target}`);
      if (LEAVES.some((leaf) => target.startsWith(leaf) && !LEAVES.some((own) => file.startsWith(own))))
        violations.push(`${where} nothing imports ${target}`);
    });
}

for (const violation of violations) console.error(violation);
console.log(`${files.length} files, ${violations.length} violations of the folder rules`);
process.exitCode = violations.length > 0 ? 1 : 0;
