import { describe, expect, it } from '@jest/globals';
import { OptionsError } from '../../src/config/options.error.js';
import { AbsentPool } from '../../src/pool/absent-pool.js';
import { PeerPool } from '../../src/pool/peer-pool.js';
import { failure } from '../support/failure.js';

const pool = new AbsentPool();
const expected = { code: 'NEO_PEER_OPTIONS', path: 'pool', value: false };

describe('the pool of a module without one', () => {
  it.each(['peers', 'bans', 'explain', 'broadcast', 'report', 'status'] as const)('%s() throws', (method) => {
    expect(pool).toBeInstanceOf(PeerPool);
    expect(() => pool[method]()).toThrow(OptionsError);
    expect(() => pool[method]()).toThrow(expect.objectContaining(expected));
  });

  it.each(['connect', 'disconnect', 'ban', 'unban', 'requestFromAny'] as const)('%s() rejects', async (method) => {
    const error = await failure(pool[method]());
    expect(error).toBeInstanceOf(OptionsError);
    expect(error).toMatchObject(expected);
  });
});
