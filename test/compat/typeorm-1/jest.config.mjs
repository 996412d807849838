import { fileURLToPath } from 'node:url';
import base from '../../../jest.config.mjs';

/** The persistence specs again, with typeorm 1.x and better-sqlite3 or Postgres put in the place of what the sources import. */
const at = (name) => fileURLToPath(new URL(`./node_modules/${name}`, import.meta.url));

/** @type {import('jest').Config} */
export default {
  ...base,
  rootDir: '../../..',
  displayName: 'typeorm 1',
  testRegex: 'test/persistence/.*\\.spec\\.ts$',
  testPathIgnorePatterns: ['/node_modules/'],
  coverageThreshold: undefined,
  moduleNameMapper: {
    ...base.moduleNameMapper,
    '^typeorm$': at('typeorm'),
    '^better-sqlite3$': at('better-sqlite3'),
    '^pg$': at('pg'),
  },
};
