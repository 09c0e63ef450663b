import * as fc from 'fast-check';
import { createTableLocks, Deadlock, type LockOwner } from '../../../local/redshift/engine/table-locks.ts';

const owner = (pid: number): LockOwner => ({ pid });

test('a second writer waits until the first gives up, in order of asking', async () => {
  const locks = createTableLocks();
  const [a, b, c] = [owner(1), owner(2), owner(3)];
  const order: string[] = [];
  await locks.acquire(a, ['t']);
  const second = locks.acquire(b, ['t']).then(() => order.push('b'));
  const third = locks.acquire(c, ['t']).then(() => order.push('c'));
  expect(locks.free(b, ['t'])).toBe(false);
  locks.release(a);
  await second;
  locks.release(b);
  await third;
  expect(order).toEqual(['b', 'c']);
});

test('whoever holds a table gets it again at once', async () => {
  const locks = createTableLocks();
  const a = owner(1);
  await locks.acquire(a, ['t']);
  await locks.acquire(a, ['t', 'u', 't']);
  locks.release(a);
  expect(locks.free(owner(2), ['t', 'u'])).toBe(true);
});

test('waiting in a circle is refused to the one that would close it', async () => {
  const locks = createTableLocks();
  const [a, b] = [owner(1), owner(2)];
  await locks.acquire(a, ['t']);
  await locks.acquire(b, ['u']);
  const waiting = locks.acquire(a, ['u']);
  await expect(locks.acquire(b, ['t'])).rejects.toBeInstanceOf(Deadlock);
  locks.release(b);
  await waiting;
});

test('who stops waiting is forgotten', async () => {
  const locks = createTableLocks();
  const [a, b, c] = [owner(1), owner(2), owner(3)];
  await locks.acquire(a, ['t']);
  const stop = new AbortController();
  const waiting = locks.acquire(b, ['t'], stop.signal);
  stop.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
  const next = locks.acquire(c, ['t']);
  locks.release(a);
  await next;
});

test('transactions that ask for all their tables at once always all come to an end, one at a time for each table', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd')), { maxLength: 12 }),
      async (wishes) => {
        const locks = createTableLocks();
        const held = new Map<string, number>();
        await Promise.all(
          wishes.map(async (tables, pid) => {
            const self = owner(pid);
            await locks.acquire(self, tables);
            for (const table of tables) {
              expect(held.get(table)).toBeUndefined();
              held.set(table, pid);
            }
            await Promise.resolve();
            for (const table of tables) held.delete(table);
            locks.release(self);
          }),
        );
      },
    ),
  );
});
