import type { Example } from './example.ts';
import { generateFlights } from './flights/generate.ts';
import { generateRecommendations } from './recommendations/generate.ts';

/** The examples by name, the ordinary one first. */
export const EXAMPLES: readonly Example[] = [
  {
    name: 'recommendations',
    title: 'Which offer should each customer get next, and why',
    generate: generateRecommendations,
  },
  {
    name: 'flights',
    title: 'How late in the day can you leave each large airport before flights run late',
    generate: generateFlights,
  },
];

export type { Example, ExampleBatch, ExampleOptions } from './example.ts';
export { generateFlights } from './flights/generate.ts';
export { generateRecommendations } from './recommendations/generate.ts';
