import * as fc from 'fast-check';

/**
 * Properties draw the same values every time, so that a change is judged by what it changed. `PROPERTY_SEED=random`, or a number, draws others:
 * what they find is a bug, and becomes a case of its own.
 */
const asked = process.env['PROPERTY_SEED'];
const seed = asked === undefined ? 20_261_101 : asked === 'random' ? undefined : Number(asked);
if (seed !== undefined) fc.configureGlobal({ seed });
