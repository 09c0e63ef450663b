/** How to take back the changes of an open transaction of an index in memory. */
export interface Journal {
  /** Notes a change, if a transaction is open; `undo` brings back what was. */
  note(undo: () => void): void;
  /** All or nothing. One inside another joins it. */
  transaction<T>(work: () => T): T;
}

export function createJournal(): Journal {
  let changes: (() => void)[] | undefined;
  return {
    note: (undo) => void changes?.push(undo),
    transaction: (work) => {
      if (changes) return work();
      changes = [];
      try {
        return work();
      } catch (error) {
        for (const undo of changes.toReversed()) undo();
        throw error;
      } finally {
        changes = undefined;
      }
    },
  };
}
