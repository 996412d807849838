import base from '../../jest.config.mjs';

/** Against a real node in a process of its own: `npm run test:interop` installs it first. */
/** @type {import('jest').Config} */
export default {
  ...base,
  rootDir: '../..',
  displayName: 'interop',
  roots: ['<rootDir>/test/interop'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
  maxWorkers: 1,
};
