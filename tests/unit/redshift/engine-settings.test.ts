import { engineSettings } from '../../../local/redshift/engine/settings.ts';

test('three statements run at a time unless told otherwise', () => {
  expect(engineSettings({}, 16).concurrency).toBe(3);
  expect(engineSettings({ concurrency: 8 }, 16).concurrency).toBe(8);
});

test('one of the threads for files and names is always left to others, and one statement always runs', () => {
  expect(engineSettings({ concurrency: 8 }, 4).concurrency).toBe(3);
  expect(engineSettings({}, 1).concurrency).toBe(1);
});
