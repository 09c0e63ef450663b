import { main, type Process } from '../../cli/main.ts';

/** What a command line printed and how it ended. */
export interface CommandRun {
  readonly code: number;
  readonly out: string;
  readonly talk: string;
  /** What is on stdout, read as JSON. */
  json<T = Record<string, unknown>>(): T;
}

/** Runs the command in this process, as the shell would. */
export async function sluice(
  words: readonly string[],
  {
    environment = {},
    directory = '/nowhere',
    signal = new AbortController().signal,
    columns,
    onTalk,
  }: Partial<Pick<Process, 'environment' | 'directory' | 'signal'>> & {
    /** Width of the terminal; it is none unless given. */
    readonly columns?: number;
    readonly onTalk?: (text: string) => void;
  } = {},
): Promise<CommandRun> {
  let out = '';
  let talk = '';
  const code = await main({
    arguments: words,
    environment,
    directory,
    signal,
    streams: {
      out: { write: (text) => (out += text) },
      talk: {
        write: (text) => {
          talk += text;
          onTalk?.(text);
        },
        ...(columns === undefined ? {} : { isTTY: true, columns }),
      },
    },
  });
  return { code, out, talk, json: <T>() => JSON.parse(out) as T };
}
