import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  decodeStateMessage,
  encodeStateMessage,
  StateMessageType,
  type StateMessage,
} from '../../../src/wire/n3/state-message.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { decodesOrRefuses, refusalOf, type Refusal } from '../../support/decode-failure.js';
import { mutations } from '../../support/mutations.js';
import { byteArrays, hashes, u32, witnesses } from '../../support/n3-arbitraries.js';
import { bytes } from '../../support/vectors.js';

const H = '11'.repeat(32);
const root = UInt256.fromBytes(bytes(H));

/** Each message, and its bytes put together by hand. */
const examples: readonly (readonly [name: string, hex: string, message: StateMessage])[] = [
  [
    'vote',
    `0003000000020100000201ff`,
    { type: StateMessageType.Vote, validatorIndex: 3, rootIndex: 258, signature: bytes('01ff') },
  ],
  [
    'vote of a validator below 0',
    `00ffffffff0200000040${'22'.repeat(64)}`,
    { type: StateMessageType.Vote, validatorIndex: -1, rootIndex: 2, signature: bytes('22'.repeat(64)) },
  ],
  [
    'state root without a witness',
    `010002010000${H}00`,
    { type: StateMessageType.StateRoot, version: 0, index: 258, root },
  ],
  [
    'state root with its witness',
    `010002010000${H}0102030401ff`,
    {
      type: StateMessageType.StateRoot,
      version: 0,
      index: 258,
      root,
      witness: { invocation: bytes('0304'), verification: bytes('ff') },
    },
  ],
];

function messages(): fc.Arbitrary<StateMessage> {
  const stateRoot = {
    type: fc.constant(StateMessageType.StateRoot),
    version: fc.nat({ max: 255 }),
    index: u32(),
    root: hashes(),
  };
  return fc.oneof(
    fc.record({
      type: fc.constant(StateMessageType.Vote),
      validatorIndex: fc.integer(),
      rootIndex: u32(),
      signature: byteArrays(0, 64),
    }),
    fc.record(stateRoot),
    fc.record({ ...stateRoot, witness: witnesses() }),
  );
}

describe('state messages', () => {
  it.each(examples)('decodes and encodes a %s', (_name, hex, message) => {
    expect(decodeStateMessage(bytes(hex))).toEqual(message);
    expect(Buffer.from(encodeStateMessage(message)).toString('hex')).toBe(hex);
  });

  it('reads back any message', () => {
    fc.assert(
      fc.property(messages(), (message) => expect(decodeStateMessage(encodeStateMessage(message))).toEqual(message)),
    );
  });

  it('decodes or refuses any bytes', () => {
    fc.assert(
      fc.property(
        messages().chain((message) => mutations(encodeStateMessage(message))),
        (mutated) => {
          const message = decodesOrRefuses(() => decodeStateMessage(mutated));
          if (message === undefined) return;
          expect(decodeStateMessage(encodeStateMessage(message))).toEqual(message);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('ignores what stands behind a message', () => {
    const [, hex, message] = examples[2]!;
    expect(decodeStateMessage(bytes(`${hex}ff`))).toEqual(message);
  });

  it.each<[name: string, hex: string, field: string, offset: number, problem: Refusal['problem']]>([
    ['an unknown type', '0200', 'type', 0, 'value'],
    ['nothing', '', 'type', 0, 'truncated'],
    ['a short validator index', '00030000', 'validatorIndex', 1, 'truncated'],
    ['a short root index', '00030000000201', 'rootIndex', 5, 'truncated'],
    ['a signature of 65 bytes', `00030000000201000041${'22'.repeat(65)}`, 'signature', 9, 'limit'],
    ['a short signature', '0003000000020100000201', 'signature', 9, 'truncated'],
    ['no version', '01', 'version', 1, 'truncated'],
    ['a short index', '01000201', 'index', 2, 'truncated'],
    ['a short root', `010002010000${H.slice(2)}`, 'root', 6, 'truncated'],
    ['two witnesses', `010002010000${H}0200000000`, 'witnesses', 38, 'limit'],
    ['a script of 1025 bytes', `010002010000${H}01fd0104${'00'.repeat(1026)}`, 'witness.invocation', 39, 'limit'],
  ])('refuses %s', (_name, hex, field, offset, problem) => {
    expect(refusalOf(() => decodeStateMessage(bytes(hex)))).toEqual({
      command: 'StateService',
      field,
      offset,
      problem,
    });
  });

  it('does not encode a signature of 65 bytes', () => {
    const vote = { type: StateMessageType.Vote, validatorIndex: 0, rootIndex: 0, signature: new Uint8Array(65) };
    const refused = refusalOf(() => encodeStateMessage(vote));
    expect(refused).toEqual({ command: 'StateService', field: 'signature', offset: 9, problem: 'limit' });
  });
});
