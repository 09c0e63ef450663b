import { readdirSync, readFileSync } from 'node:fs';

/** A fenced block of shell commands in a document. */
export interface ShellBlock {
  readonly file: string;
  readonly line: number;
  /** What the words after `sh` say of it: local, ci, aws, awscli, hadoop. */
  readonly kind: string;
  readonly text: string;
}

/** Every shell block of the documents, in order. */
export function shellBlocks(): readonly ShellBlock[] {
  const files = ['README.md', ...readdirSync('docs').map((name) => `docs/${name}`)].filter((name) =>
    name.endsWith('.md'),
  );
  return files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    return [...text.matchAll(/^```(?:sh|bash|shell|console)\b ?(.*)\n([^]*?)^```$/gm)].map((match) => ({
      file,
      line: text.slice(0, match.index).split('\n').length,
      kind: match[1] ?? '',
      text: match[2] ?? '',
    }));
  });
}
