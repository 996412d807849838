import { describe, expect, it } from '@jest/globals';
import { storeError } from '../../src/persistence/driver-errors.js';
import { StoreError } from '../../src/persistence/store.error.js';

describe('storeError', () => {
  it.each([
    ['SQLITE_NOTADB', 'open'],
    ['SQLITE_CANTOPEN', 'open'],
    ['SQLITE_CANTOPEN_ISDIR', 'open'],
    ['SQLITE_READONLY', 'read-only'],
    ['SQLITE_READONLY_DIRECTORY', 'read-only'],
    ['SQLITE_BUSY', 'locked'],
    ['SQLITE_BUSY_SNAPSHOT', 'locked'],
    ['SQLITE_LOCKED', 'locked'],
    ['SQLITE_FULL', 'full'],
    ['SQLITE_CORRUPT', 'damaged'],
    ['SQLITE_CORRUPT_INDEX', 'damaged'],
    ['SQLITE_IOERR', 'query'],
    ['SQLITE_ERROR', 'query'],
    ['25006', 'read-only'],
    ['42501', 'read-only'],
    ['55P03', 'locked'],
    ['40P01', 'locked'],
    ['40001', 'locked'],
    ['53100', 'full'],
    ['XX001', 'damaged'],
    ['42P01', 'schema'],
    ['42703', 'schema'],
    ['28P01', 'open'],
    ['3D000', 'open'],
    ['08006', 'open'],
    ['57P01', 'open'],
    ['ECONNREFUSED', 'open'],
    ['EACCES', 'open'],
    ['EROFS', 'read-only'],
    ['ENOSPC', 'full'],
    ['23505', 'query'],
  ])('takes the code %s for `%s`, from the driver or through TypeORM', (code, problem) => {
    const driverError = Object.assign(new Error('what the driver said'), { code });
    for (const error of [driverError, Object.assign(new Error('wrapped'), { driverError })]) {
      const made = storeError('peers.sqlite', error);
      expect(made).toMatchObject({ code: 'NEO_PEER_STORE', problem, database: 'peers.sqlite', cause: error });
      expect(made.message).toMatch(/^peers\.sqlite: .+; .+\(.+\)$/); // what is wrong; what to do (what was reported)
    }
  });

  it.each([[undefined], ['a text'], [new Error('no code')], [{ code: 5 }]])(
    'says `query`, or what it is told, of %p',
    (error) => {
      expect(storeError('x', error).problem).toBe('query');
      expect(storeError('x', error, 'schema').problem).toBe('schema');
    },
  );

  it('does not wrap its own', () => {
    const error = new StoreError('x', 'full', 'no room');
    expect(storeError('y', error)).toBe(error);
  });
});
