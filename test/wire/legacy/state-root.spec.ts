import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { StateRoot } from '../../../src/wire/legacy/state-root.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { hash256 } from '../../../src/wire/primitives/hashing.js';
import { decodesOrRefuses } from '../../support/decode-failure.js';
import { stateRootFields } from '../../support/legacy-arbitraries.js';
import { mutations } from '../../support/mutations.js';
import { bytes } from '../../support/vectors.js';

/** Version 0, height 6,016,000, a zero previous hash, root 01…20, without the witnesses: the layout of C# 2.11. */
const UNSIGNED = `0000cc5b00${'00'.repeat(32)}${Array.from({ length: 32 }, (_, i) => (i + 1).toString(16).padStart(2, '0')).join('')}`;

function decode(raw: Uint8Array): StateRoot {
  const reader = new ByteReader(raw, 'stateroot');
  const root = StateRoot.decode(reader);
  reader.expectEnd();
  return root;
}

function fieldsOf(root: StateRoot) {
  const { version, index, prevHash, root: hash, witness } = root;
  return { version, index, prevHash, root: hash, ...(witness !== undefined && { witness }) };
}

describe('StateRoot', () => {
  it('decodes one without a witness', () => {
    const root = decode(bytes(`${UNSIGNED}00`));
    expect(root.toJSON()).toEqual({
      hash: root.hash.toString(),
      version: 0,
      index: 6_016_000,
      prevHash: `0x${'00'.repeat(32)}`,
      root: '0x201f1e1d1c1b1a191817161514131211100f0e0d0c0b0a090807060504030201',
      witness: null,
      size: 70,
    });
  });

  it('decodes one with a witness, which its hash does not cover', () => {
    const root = decode(bytes(`${UNSIGNED}010201020151`));
    expect(root.toJSON()).toMatchObject({ witness: { invocation: '0102', verification: '51' }, size: 75 });
    expect(root.hash.key).toBe(hash256(bytes(UNSIGNED)));
    expect(root.hash).toBe(root.hash);
  });

  it('reads back the fields it was made from', () => {
    fc.assert(
      fc.property(stateRootFields(), (fields) => {
        expect(fieldsOf(decode(StateRoot.from(fields).raw))).toEqual(fields);
      }),
    );
  });

  it('writes version 0 when none is given', () => {
    const { version: _, ...fields } = fieldsOf(decode(bytes(`${UNSIGNED}00`)));
    expect(Buffer.from(StateRoot.from(fields).raw).toString('hex')).toBe(`${UNSIGNED}00`);
  });

  it('detaches into a buffer of its own size', () => {
    const frame = bytes(`ffff${UNSIGNED}010201020151ffff`);
    const root = StateRoot.decode(new ByteReader(frame, 'stateroot', 2));
    const json = root.toJSON();
    const detached = root.detach();
    frame.fill(0);
    expect(detached.raw.buffer.byteLength).toBe(75);
    expect(detached.toJSON()).toEqual(json);
  });

  it('decodes or refuses mutated bytes', () => {
    const roots = stateRootFields().map((fields) => StateRoot.from(fields).raw);
    fc.assert(
      fc.property(roots.chain(mutations), (mutated) => {
        const root = decodesOrRefuses(() => StateRoot.decode(new ByteReader(mutated, 'stateroot')));
        if (root === undefined) return;
        expect(StateRoot.from(fieldsOf(root)).hash.equals(root.hash)).toBe(true);
      }),
    );
  });
});
