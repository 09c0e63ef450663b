/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/tests'],
  testMatch: ['**/*.test.ts'],
  setupFiles: ['<rootDir>/tests/support/property-seed.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }],
  },
  // Two cores: a third worker would only make the others late.
  maxWorkers: 2,
  testSequencer: '<rootDir>/tests/support/longest-first.mjs',
  // Ends what hangs; a machine that has other work to do is only slow.
  testTimeout: 120_000,
};
