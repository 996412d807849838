import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { PublicKeys } from '../../../src/wire/common/public-keys.js';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const point = compressed(publicKey.export({ format: 'der', type: 'spki' }));
const data = Buffer.from('what is signed');
const signature = sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' });

/** The last 64 bytes of the DER form are X and Y. */
function compressed(der: Buffer): Buffer {
  return Buffer.concat([Uint8Array.of(2 + (der.at(-1)! & 1)), der.subarray(-64, -32)]);
}

/** Compressed points that are all different; few of them lie on the curve. */
function pointNumber(i: number): Buffer {
  const made = Buffer.alloc(33, 7);
  made[0] = 2;
  made.writeUInt32BE(i, 1);
  return made;
}

describe('PublicKeys', () => {
  it('knows the signatures of a key from others', () => {
    const keys = new PublicKeys();
    expect(keys.verify(point, data, signature)).toBe(true);
    expect(keys.verify(point, Buffer.from('something else'), signature)).toBe(false);
    expect(keys.verify(Uint8Array.of(point[0]! ^ 1, ...point.subarray(1)), data, signature)).toBe(false);
    for (const wrong of [Buffer.alloc(64), Buffer.alloc(64, 0xff), signature.subarray(1), Buffer.alloc(0)]) {
      expect(keys.verify(point, data, wrong)).toBe(false);
    }
  });

  it('says no, and does not throw, for what is no compressed point', () => {
    const keys = new PublicKeys();
    const uncompressed = publicKey.export({ format: 'der', type: 'spki' }).subarray(-65);
    const wrong = [
      Buffer.alloc(0),
      Buffer.alloc(1),
      Buffer.alloc(33),
      Buffer.alloc(33, 0xff),
      Buffer.concat([Uint8Array.of(5), point.subarray(1)]),
      uncompressed,
    ];
    expect(wrong.map((key) => keys.verify(key, data, signature))).toEqual(wrong.map(() => false));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), fc.uint8Array({ maxLength: 70 }), (key, noise) => {
        expect(keys.verify(key, data, noise)).toBe(false);
      }),
    );
  });

  it('keeps no more than it may, and goes on', () => {
    const keys = new PublicKeys(3);
    for (let i = 0; i < 10; i++) keys.verify(pointNumber(i), data, signature);
    expect(keys.size).toBe(3);
    expect(keys.verify(point, data, signature)).toBe(true);
    const usual = new PublicKeys();
    for (let i = 0; i < 200; i++) usual.verify(pointNumber(i), data, signature);
    expect(usual.size).toBe(128);
  });
});
