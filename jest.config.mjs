/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testRegex: '\\.(e2e-)?spec\\.ts$',
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/interop/', '<rootDir>/test/compat/'], // packages of their own
  modulePathIgnorePatterns: [
    '<rootDir>/dist',
    '<rootDir>/test/interop/node_modules',
    '<rootDir>/test/compat/[^/]+/node_modules',
  ],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  workerIdleMemoryLimit: '512MB',
  testTimeout: 30_000, // tests wait for events, not for times; this only ends one that hangs, also on a busy machine
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2023',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
      },
    ],
  },
  collectCoverageFrom: ['src/**/*.ts', '!src/main.ts', '!src/**/index.ts'],
  coverageProvider: 'v8', // babel-plugin-istanbul counts phantom branches in decorator metadata
  coverageDirectory: 'coverage',
  coverageThreshold: { global: { lines: 95 } },
};
