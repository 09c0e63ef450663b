import { randomBytes, randomUUID } from 'node:crypto';

/** Identifiers and randomness, from outside, so that a simulation is a function of its seed. */
export interface Ids {
  /** A version 4 UUID. */
  uuid(): string;
  /** `length` lower-case hexadecimal digits. */
  hex(length: number): string;
  /** A number in [0, 1). */
  random(): number;
}

export const systemIds: Ids = {
  uuid: () => randomUUID(),
  hex: (length) =>
    randomBytes(Math.ceil(length / 2))
      .toString('hex')
      .slice(0, length),
  random: () => Math.random(),
};

/** The same sequence for the same seed (mulberry32). Not for secrets. */
export function seededIds(seed: number): Ids {
  let state = seed >>> 0;
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const hex = (length: number): string => {
    let text = '';
    while (text.length < length) text += Math.floor(random() * 16).toString(16);
    return text;
  };
  return {
    random,
    hex,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
  };
}
