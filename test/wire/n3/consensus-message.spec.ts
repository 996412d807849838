import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  ChangeViewReason,
  ConsensusMessageType,
  decodeConsensusMessage,
  encodeConsensusMessage,
  type ConsensusMessage,
} from '../../../src/wire/n3/consensus-message.js';
import { HashList } from '../../../src/wire/primitives/hash-list.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { decodesOrRefuses, refusalOf, type Refusal } from '../../support/decode-failure.js';
import { mutations } from '../../support/mutations.js';
import { byteArrays, hashes, u32, u64 } from '../../support/n3-arbitraries.js';
import { bytes } from '../../support/vectors.js';

const H = '11'.repeat(32);
const hash = UInt256.fromBytes(bytes(H));

/** blockIndex 258, validatorIndex 3, viewNumber 1. */
const BASE = '020100000301';
const base = { blockIndex: 258, validatorIndex: 3, viewNumber: 1 } as const;
const TIME = '00e40b5402000000';
const timestamp = 10_000_000_000n;

/** Each message, and its bytes put together by hand. */
const examples: readonly (readonly [name: string, hex: string, message: ConsensusMessage])[] = [
  [
    'ChangeView after a timeout',
    `00${BASE}${TIME}00`,
    { type: ConsensusMessageType.ChangeView, ...base, timestamp, reason: ChangeViewReason.Timeout },
  ],
  [
    'ChangeView for a rejected transaction',
    `00${BASE}${TIME}0301${H}`,
    {
      type: ConsensusMessageType.ChangeView,
      ...base,
      timestamp,
      reason: ChangeViewReason.TxRejectedByPolicy,
      rejectedHashes: HashList.of([hash]),
    },
  ],
  [
    'ChangeView for an invalid transaction, none named',
    `00${BASE}${TIME}0400`,
    {
      type: ConsensusMessageType.ChangeView,
      ...base,
      timestamp,
      reason: ChangeViewReason.TxInvalid,
      rejectedHashes: HashList.of([]),
    },
  ],
  [
    'ChangeView for an invalid transaction, of an older node',
    `00${BASE}${TIME}04`,
    { type: ConsensusMessageType.ChangeView, ...base, timestamp, reason: ChangeViewReason.TxInvalid },
  ],
  [
    'PrepareRequest',
    `20${BASE}00000000${H}${TIME}ffffffffffffffff02${H}${H}`,
    {
      type: ConsensusMessageType.PrepareRequest,
      ...base,
      version: 0,
      prevHash: hash,
      timestamp,
      nonce: 2n ** 64n - 1n,
      transactionHashes: HashList.of([hash, hash]),
    },
  ],
  ['PrepareResponse', `21${BASE}${H}`, { type: ConsensusMessageType.PrepareResponse, ...base, preparationHash: hash }],
  ['Commit', `30${BASE}${H}${H}`, { type: ConsensusMessageType.Commit, ...base, signature: Buffer.alloc(64, 0x11) }],
  ['RecoveryRequest', `40${BASE}${TIME}`, { type: ConsensusMessageType.RecoveryRequest, ...base, timestamp }],
  [
    'RecoveryMessage',
    `41${BASE}0102030405`,
    { type: ConsensusMessageType.RecoveryMessage, ...base, body: bytes('0102030405') },
  ],
];

/** With hashes as texts: what was computed for them on the way would differ. */
function plainly(message: ConsensusMessage): unknown {
  const texts = Object.entries(message).map(([field, value]: [string, unknown]) =>
    value instanceof UInt256 || value instanceof HashList ? [field, value.toJSON()] : [field, value],
  );
  return Object.fromEntries(texts);
}

function messages(): fc.Arbitrary<ConsensusMessage> {
  const common = { blockIndex: u32(), validatorIndex: fc.nat({ max: 255 }), viewNumber: fc.nat({ max: 255 }) };
  const lists = fc.array(hashes(), { maxLength: 5 }).map((list) => HashList.of(list));
  const changeView = { type: fc.constant(ConsensusMessageType.ChangeView), ...common, timestamp: u64() };
  return fc.oneof(
    fc.record({ ...changeView, reason: fc.nat({ max: 255 }) }),
    fc.record({ ...changeView, reason: fc.constantFrom(3, 4), rejectedHashes: lists }),
    fc.record({
      type: fc.constant(ConsensusMessageType.PrepareRequest),
      ...common,
      version: u32(),
      prevHash: hashes(),
      timestamp: u64(),
      nonce: u64(),
      transactionHashes: lists,
    }),
    fc.record({ type: fc.constant(ConsensusMessageType.PrepareResponse), ...common, preparationHash: hashes() }),
    fc.record({ type: fc.constant(ConsensusMessageType.Commit), ...common, signature: byteArrays(64) }),
    fc.record({ type: fc.constant(ConsensusMessageType.RecoveryRequest), ...common, timestamp: u64() }),
    fc.record({ type: fc.constant(ConsensusMessageType.RecoveryMessage), ...common, body: byteArrays(0, 300) }),
  );
}

describe('consensus messages', () => {
  it('has examples of every type', () => {
    const types = new Set(examples.map(([, , { type }]) => type));
    expect(types).toEqual(new Set(Object.values(ConsensusMessageType)));
  });

  it.each(examples)('decodes and encodes a %s', (_name, hex, message) => {
    expect(plainly(decodeConsensusMessage(bytes(hex)))).toEqual(plainly(message));
    expect(Buffer.from(encodeConsensusMessage(message)).toString('hex')).toBe(hex);
  });

  it('reads back any message', () => {
    fc.assert(
      fc.property(messages(), (message) => {
        expect(plainly(decodeConsensusMessage(encodeConsensusMessage(message)))).toEqual(plainly(message));
      }),
    );
  });

  it('decodes or refuses any bytes', () => {
    fc.assert(
      fc.property(
        messages().chain((message) => mutations(encodeConsensusMessage(message))),
        (mutated) => {
          const message = decodesOrRefuses(() => decodeConsensusMessage(mutated));
          if (message === undefined) return;
          expect(plainly(decodeConsensusMessage(encodeConsensusMessage(message)))).toEqual(plainly(message));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('ignores what stands behind a message, also the hashes that another reason has', () => {
    const { type, ...rest } = decodeConsensusMessage(bytes(`00${BASE}${TIME}0201${H}`));
    expect([type, rest]).toEqual([0, { ...base, timestamp, reason: ChangeViewReason.TxNotFound }]);
  });

  it.each<[name: string, hex: string, field: string, offset: number, problem: Refusal['problem']]>([
    ['an unknown type', `22${BASE}`, 'type', 0, 'value'],
    ['nothing', '', 'type', 0, 'truncated'],
    ['no block index', '00020100', 'blockIndex', 1, 'truncated'],
    ['no validator index', '0002010000', 'validatorIndex', 5, 'truncated'],
    ['no view number', '000201000003', 'viewNumber', 6, 'truncated'],
    ['no reason', `00${BASE}${TIME}`, 'reason', 15, 'truncated'],
    ['too few rejected hashes', `00${BASE}${TIME}0302${H}`, 'rejectedHashes', 16, 'truncated'],
    ['too many hashes', `20${BASE}00000000${H}${TIME}${TIME}fe00000100`, 'transactionHashes', 59, 'limit'],
    ['a short hash', `21${BASE}${H.slice(2)}`, 'preparationHash', 7, 'truncated'],
    ['a short signature', `30${BASE}${H}`, 'signature', 7, 'truncated'],
    ['a short timestamp', `40${BASE}00`, 'timestamp', 7, 'truncated'],
  ])('refuses %s', (_name, hex, field, offset, problem) => {
    expect(refusalOf(() => decodeConsensusMessage(bytes(hex)))).toEqual({ command: 'dBFT', field, offset, problem });
  });

  it.each<[name: string, message: ConsensusMessage, field: string]>([
    ['a short signature', { type: ConsensusMessageType.Commit, ...base, signature: new Uint8Array(63) }, 'signature'],
    [
      'rejected hashes for a reason that has none',
      {
        type: ConsensusMessageType.ChangeView,
        ...base,
        timestamp,
        reason: ChangeViewReason.Timeout,
        rejectedHashes: HashList.EMPTY,
      },
      'rejectedHashes',
    ],
  ])('does not encode %s', (_name, message, field) => {
    const refused = refusalOf(() => encodeConsensusMessage(message));
    expect(refused).toEqual({ command: 'dBFT', field, offset: 0, problem: 'value' });
  });
});
