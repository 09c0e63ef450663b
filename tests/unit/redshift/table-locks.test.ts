import * as fc from 'fast-check';
import { createTableLocks, Deadlock, type LockOwner } from '../../../local/redshift/engine/table-locks.ts';

const owner = (pid: number): LockOwner => ({ pid });
const write = (...tables: string[]) => tables.map((table) => ({ table, mode: 'write' as const }));
const append = (...tables: string[]) => tables.map((table) => ({ table, mode: 'append' as const }));

test('a second writer waits until the first gives up, in order of asking', async () => {
  const locks = createTableLocks();
  const [a, b, c] = [owner(1), owner(2), owner(3)];
  const order: string[] = [];
  await locks.acquire(a, write('t'));
  const second = locks.acquire(b, write('t')).then(() => order.push('b'));
  const third = locks.acquire(c, append('t')).then(() => order.push('c'));
  expect(locks.free(b, write('t'))).toBe(false);
  locks.release(a);
  await second;
  locks.release(b);
  await third;
  expect(order).toEqual(['b', 'c']);
});

test('rows are added side by side, but not beside a writer, and no writer is overtaken for ever', async () => {
  const locks = createTableLocks();
  const [a, b, c, d] = [owner(1), owner(2), owner(3), owner(4)];
  await locks.acquire(a, append('t'));
  await locks.acquire(b, append('t'));
  const order: string[] = [];
  const writer = locks.acquire(c, write('t')).then(() => order.push('c'));
  const late = locks.acquire(d, append('t')).then(() => order.push('d'));
  locks.release(a);
  expect(order).toEqual([]);
  locks.release(b);
  await writer;
  locks.release(c);
  await late;
  expect(order).toEqual(['c', 'd']);
});

test('whoever holds a table gets it again at once, in a stronger mode when alone', async () => {
  const locks = createTableLocks();
  const a = owner(1);
  await locks.acquire(a, append('t'));
  await locks.acquire(a, [...append('t'), ...write('t', 'u', 't')]);
  expect(locks.free(owner(2), append('t'))).toBe(false);
  locks.release(a);
  expect(locks.free(owner(2), write('t', 'u'))).toBe(true);
});

test('waiting in a circle is refused to the one that would close it', async () => {
  const locks = createTableLocks();
  const [a, b] = [owner(1), owner(2)];
  await locks.acquire(a, write('t'));
  await locks.acquire(b, write('u'));
  const waiting = locks.acquire(a, write('u'));
  await expect(locks.acquire(b, append('t'))).rejects.toBeInstanceOf(Deadlock);
  locks.release(b);
  await waiting;
});

test('two who add rows cannot both become the writer', async () => {
  const locks = createTableLocks();
  const [a, b] = [owner(1), owner(2)];
  await locks.acquire(a, append('t'));
  await locks.acquire(b, append('t'));
  const waiting = locks.acquire(a, write('t'));
  await expect(locks.acquire(b, write('t'))).rejects.toBeInstanceOf(Deadlock);
  locks.release(b);
  await waiting;
});

test('who stops waiting is forgotten, and lets in who waited behind', async () => {
  const locks = createTableLocks();
  const [a, b, c] = [owner(1), owner(2), owner(3)];
  await locks.acquire(a, append('t'));
  const stop = new AbortController();
  const waiting = locks.acquire(b, write('t'), stop.signal);
  const next = locks.acquire(c, append('t'));
  stop.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
  await next;
});

test('transactions that ask for all their tables at once always all come to an end, each writer alone', async () => {
  const wish = fc.array(
    fc.record({
      table: fc.constantFrom('a', 'b', 'c', 'd'),
      mode: fc.constantFrom('append' as const, 'write' as const),
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(wish, { maxLength: 12 }), async (wishes) => {
      const locks = createTableLocks();
      const held = new Map<string, { writers: number; all: number }>();
      const count = (table: string) => held.get(table) ?? { writers: 0, all: 0 };
      await Promise.all(
        wishes.map(async (wanted, pid) => {
          const self = owner(pid);
          await locks.acquire(self, wanted);
          const writes = new Set(wanted.filter(({ mode }) => mode === 'write').map(({ table }) => table));
          const tables = new Set(wanted.map(({ table }) => table));
          for (const table of tables) {
            const { writers, all } = count(table);
            const next = { writers: writers + (writes.has(table) ? 1 : 0), all: all + 1 };
            expect(next.writers === 0 || next.all === 1).toBe(true);
            held.set(table, next);
          }
          await Promise.resolve();
          for (const table of tables) {
            const { writers, all } = count(table);
            held.set(table, { writers: writers - (writes.has(table) ? 1 : 0), all: all - 1 });
          }
          locks.release(self);
        }),
      );
    }),
  );
});
