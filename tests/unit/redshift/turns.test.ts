import { createTurns } from '../../../local/redshift/engine/turns.ts';

test('no more than the given number have a turn, and the rest follow in order of asking', async () => {
  const turns = createTurns(2);
  const order: number[] = [];
  const first = await turns.take();
  const second = await turns.take();
  const rest = [3, 4].map(async (number) => {
    const giveBack = await turns.take();
    order.push(number);
    giveBack();
  });
  await Promise.resolve();
  expect(order).toEqual([]);
  first();
  await Promise.all(rest);
  expect(order).toEqual([3, 4]);
  second();
});

test('a turn given back twice is given back once', async () => {
  const turns = createTurns(1);
  const giveBack = await turns.take();
  giveBack();
  giveBack();
  await turns.take();
  const stop = new AbortController();
  const waiting = turns.take(stop.signal);
  stop.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
});

test('who stops waiting takes no turn', async () => {
  const turns = createTurns(1);
  const giveBack = await turns.take();
  const stop = new AbortController();
  const waiting = turns.take(stop.signal);
  const next = turns.take();
  stop.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
  giveBack();
  (await next)();
});
