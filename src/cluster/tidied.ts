import * as z from 'zod';
import { counted } from '../report/words.ts';
import { layout } from '../run/layout.ts';
import type { WorkStore } from '../run/work-store.ts';

/** While it lasts, what the operators know is said again so much later. */
export const REMINDED_AFTER_MS = 6 * 3_600_000;

/** Something that is being tidied up, and what the operators have been told of it. Times in milliseconds since the Unix epoch. */
const tidied = z.object({
  since: z.number(),
  toldAt: z.number(),
  /** How often tidying it up has been begun. */
  times: z.number(),
  /** In which state it was told; another is news. */
  state: z.string(),
});

/** By what is tidied up: `run <id>` or `cluster`. */
const tidiedDocument = z.record(z.string(), tidied);
export type Tidied = z.infer<typeof tidiedDocument>;

/** What the janitor has begun to tidy up in one look, and what it says of it. */
export interface Begun {
  readonly what: string;
  readonly state: string;
  readonly says: string;
  /** Whether it cannot be expected to be done without a person. */
  readonly needsSomebody?: boolean;
}

/** What has become of it, once it is over. */
export type IsOver = (what: string) => string | undefined;

export interface News {
  readonly lines: readonly string[];
  /** Whether something is not done that was begun before. */
  readonly lasts: boolean;
  readonly known: Tidied;
}

/**
 * What the operators have to hear: what is tidied up for the first time or is in another state than before, every six hours that it lasts, and that
 * it is over, where it took more than one attempt. They are woken for nothing else, however often the janitor looks.
 */
export function newsOf(before: Tidied, begun: readonly Begun[], isOver: IsOver, now: number): News {
  const known: Tidied = {};
  const lines: string[] = [];
  let lasts = false;
  for (const { what, state, says } of begun) {
    const earlier = before[what];
    const again = earlier?.state === state;
    const tell = !again || now - earlier.toldAt >= REMINDED_AFTER_MS;
    known[what] = {
      since: earlier?.since ?? now,
      toldAt: tell ? now : earlier.toldAt,
      times: (earlier?.times ?? 0) + 1,
      state,
    };
    if (!tell) continue;
    lines.push(earlier ? `${says} ${attempts(known[what])}` : says);
    lasts ||= again;
  }
  for (const [what, earlier] of Object.entries(before)) {
    if (known[what]) continue;
    const over = isOver(what);
    if (over === undefined) known[what] = earlier;
    else if (earlier.times > 1) lines.push(`It is over: ${over}.`);
  }
  return { lines, lasts, known };
}

function attempts({ times, since }: Tidied[string]): string {
  return `That has been tried ${counted(times, 'time')} since ${new Date(since).toISOString()}.`;
}

export async function readTidied(work: WorkStore, cluster: string): Promise<Tidied> {
  const stored = await work.read(layout.tidied(cluster));
  return stored ? tidiedDocument.parse(JSON.parse(stored.text)) : {};
}

export async function writeTidied(work: WorkStore, cluster: string, known: Tidied): Promise<void> {
  await work.write(layout.tidied(cluster), JSON.stringify(known));
}
