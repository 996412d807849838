import { describe, expect, it } from '@jest/globals';
import { DisconnectReason } from '../../../src/persistence/disconnect-reason.js';
import { Misbehaviour, MISBEHAVIOUR_WEIGHTS, misbehaviourOf } from '../../../src/pool/misbehaviour/misbehaviour.js';

describe('misbehaviour', () => {
  it.each([
    ['malformed', 50],
    ['bad-checksum', 25],
    ['oversized', 50],
    ['handshake-disorder', 20],
    ['invalid-block', 100],
    ['invalid-headers', 50],
    ['request-flood', 10],
    ['address-flood', 10],
  ] as const)('%s weighs %d points', (kind, points) => {
    expect(MISBEHAVIOUR_WEIGHTS[kind]).toBe(points);
  });

  it('is a closed set, each with a weight that can’t be changed', () => {
    expect(Object.keys(MISBEHAVIOUR_WEIGHTS)).toEqual(Object.keys(Misbehaviour));
    expect(Object.entries(Misbehaviour).every(([name, value]) => name === value)).toBe(true);
    expect(Object.isFrozen(Misbehaviour) && Object.isFrozen(MISBEHAVIOUR_WEIGHTS)).toBe(true);
  });

  const found: Readonly<Partial<Record<DisconnectReason, Misbehaviour>>> = {
    malformed: 'malformed',
    'bad-checksum': 'bad-checksum',
    oversized: 'oversized',
    'unexpected-message': 'handshake-disorder',
    'duplicate-version': 'handshake-disorder',
    'duplicate-verack': 'handshake-disorder',
  };

  it.each(Object.values(DisconnectReason).map((reason) => [reason, found[reason]] as const))(
    'of a connection that ended by %s is %s',
    (reason, kind) => {
      expect(misbehaviourOf(reason)).toBe(kind);
    },
  );
});
