import * as fc from 'fast-check';
import { shrink } from '../../simulation/shrink.ts';

test('shrinking finds exactly the parts that are needed together', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 12 }), fc.nat(), async (items, choice) => {
      const needed = items.filter((_item, at) => (choice >> (at % 8)) % 2 === 1);
      const least = await shrink(items, async (part) => needed.every((item) => part.includes(item)));
      expect(new Set(least)).toEqual(new Set(needed));
    }),
  );
});
