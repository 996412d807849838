import { describe, expect, it } from '@jest/globals';
import type { BlockHeader } from '../../src/wire/common/block-header.js';
import type { HeaderTrust, HeaderVerification } from '../../src/wire/common/header-verification.js';
import {
  GENESIS,
  legacyChain,
  legacyHeader,
  legacyHeadersNamed,
  N3_MAINNET,
  n3Chain,
  n3Header,
  n3HeadersNamed,
  onNetwork,
  outcome,
  verify,
} from '../support/verified-headers.js';

/** A field of a header, and where it ends. */
type Region = readonly [name: string, end: number];

const LEGACY_FIELDS: readonly Region[] = [
  ['version', 4],
  ['prevHash', 36],
  ['merkleRoot', 68],
  ['timestamp', 72],
  ['index', 76],
  ['consensusData', 84],
  ['nextConsensus', 104],
  ['witnessCount', 105],
];

const N3_FIELDS: readonly Region[] = [
  ['version', 4],
  ['prevHash', 36],
  ['merkleRoot', 68],
  ['timestamp', 76],
  ['nonce', 84],
  ['index', 88],
  ['primaryIndex', 89],
  ['nextConsensus', 109],
  ['witnessCount', 110],
];

/** What a flipped bit in the witness comes to, whatever the header is checked against. */
const WITNESS = {
  witnessCount: ['decode witnessCount'],
  invocationSize: ['decode witness', 'next-consensus'],
  invocation: ['script', 'signature'],
  verificationSize: ['decode witness', 'next-consensus'],
  verification: ['next-consensus'],
};

const N3_BY_PREVIOUS = {
  version: ['decode version'],
  prevHash: ['previous-hash'],
  merkleRoot: ['signature'],
  timestamp: ['signature', 'timestamp'],
  nonce: ['signature'],
  index: ['genesis', 'index'],
  primaryIndex: ['primary-index', 'signature'],
  nextConsensus: ['signature'],
  ...WITNESS,
};

const LEGACY_BY_PREVIOUS = {
  version: ['version'],
  prevHash: ['previous-hash'],
  merkleRoot: ['signature'],
  timestamp: ['signature', 'timestamp'],
  index: ['genesis', 'index'],
  consensusData: ['signature'],
  nextConsensus: ['signature'],
  ...WITNESS,
};

const BY_ACCOUNT = { prevHash: ['signature'], timestamp: ['signature'], index: ['genesis', 'signature'] };

/** No hash covers the witness of a genesis block, so it must be the one there is; its index says that it is one. */
const OF_GENESIS = {
  prevHash: ['genesis'],
  merkleRoot: ['genesis'],
  timestamp: ['genesis'],
  index: ['next-consensus'],
  nextConsensus: ['genesis'],
  witnessCount: ['decode witnessCount'],
  invocationSize: ['decode witness'],
  invocation: [],
  verificationSize: ['decode witness', 'genesis'],
  verification: ['genesis'],
};

function regionsOf(header: BlockHeader): readonly Region[] {
  const fields = header.dialect === 'n3' ? N3_FIELDS : LEGACY_FIELDS;
  const { invocation, verification } = header.witness;
  const invocationAt = fields.at(-1)![1] + sizeOfLength(invocation);
  const verificationAt = invocationAt + invocation.length + sizeOfLength(verification);
  return [
    ...fields,
    ['invocationSize', invocationAt],
    ['invocation', invocationAt + invocation.length],
    ['verificationSize', verificationAt],
    ['verification', verificationAt + verification.length],
  ];
}

function sizeOfLength({ length }: Uint8Array): number {
  return length < 0xfd ? 1 : 3;
}

/** What comes of each header that differs from this one in a single bit, by the field in which the bit is. */
function flippedOutcomes(header: BlockHeader, by: HeaderTrust, verification: HeaderVerification) {
  const decode = header.dialect === 'n3' ? n3Header : legacyHeader;
  const raw = Uint8Array.from(header.raw);
  const tryFlipped = (at: number, bit: number): string => {
    raw[at]! ^= bit;
    const result = outcome(() => verify(decode(raw), by, verification)) ?? 'nothing is wrong';
    raw[at]! ^= bit;
    return result.split('.')[0]!;
  };
  const outcomes: Record<string, string[]> = {};
  let at = 0;
  for (const [name, end] of regionsOf(header)) {
    const seen = new Set<string>();
    for (; at < end; at++) for (let bit = 1; bit < 256; bit <<= 1) seen.add(tryFlipped(at, bit));
    outcomes[name] = [...seen].toSorted();
  }
  expect(at).toBe(raw.length);
  return outcomes;
}

const n3 = n3Chain();
const legacy = legacyChain();
const [captured, following] = n3HeadersNamed('private network 12345678');

/** Index 32 can become 0 by one bit. */
const CASES: readonly {
  readonly name: string;
  readonly header: BlockHeader;
  readonly by: HeaderTrust;
  readonly on: HeaderVerification;
  readonly expected: Readonly<Record<string, readonly string[]>>;
}[] = [
  {
    name: 'an N3 header, by the one before it',
    header: n3[32]!,
    by: { previous: n3[31]! },
    on: onNetwork(GENESIS.n3.hash),
    expected: { ...N3_BY_PREVIOUS, invocationSize: ['next-consensus'] },
  },
  {
    name: 'an N3 header, by an account',
    header: n3[32]!,
    by: GENESIS.n3,
    on: onNetwork(GENESIS.n3.hash),
    expected: { ...N3_BY_PREVIOUS, ...BY_ACCOUNT, invocationSize: ['next-consensus'] },
  },
  {
    name: 'an N3 header of MainNet, by the genesis block',
    header: n3HeadersNamed('MainNet header 1').at(-1)!,
    by: { previous: GENESIS.n3Mainnet },
    on: onNetwork(GENESIS.n3Mainnet.hash, N3_MAINNET),
    expected: N3_BY_PREVIOUS,
  },
  {
    name: 'an N3 header with one signature',
    header: following!,
    by: { previous: captured! },
    on: onNetwork(undefined, 12345678),
    expected: { ...N3_BY_PREVIOUS, index: ['index'], primaryIndex: ['primary-index'] },
  },
  {
    name: "N3's genesis block",
    header: GENESIS.n3,
    by: GENESIS.n3,
    on: onNetwork(GENESIS.n3.hash),
    expected: { ...OF_GENESIS, version: ['decode version'], nonce: ['genesis'], primaryIndex: ['genesis'] },
  },
  {
    name: 'a Legacy header, by the one before it',
    header: legacy[32]!,
    by: { previous: legacy[31]! },
    on: onNetwork(GENESIS.legacy.hash),
    expected: LEGACY_BY_PREVIOUS,
  },
  {
    name: 'a Legacy header of MainNet, by an account',
    header: legacyHeadersNamed('MainNet header 1')[0]!,
    by: GENESIS.legacyMainnet,
    on: onNetwork(GENESIS.legacyMainnet.hash),
    expected: { ...LEGACY_BY_PREVIOUS, ...BY_ACCOUNT },
  },
  {
    name: "Legacy's genesis block",
    header: GENESIS.legacy,
    by: GENESIS.legacy,
    on: onNetwork(GENESIS.legacy.hash),
    expected: { ...OF_GENESIS, version: ['genesis'], consensusData: ['genesis'] },
  },
];

describe('one flipped bit anywhere fails, with the reason, in', () => {
  it.each(CASES)('$name', ({ header, by, on, expected }) => {
    expect(outcome(() => verify(header, by, on))).toBeUndefined();
    expect(flippedOutcomes(header, by, on)).toEqual(expected);
  });
});
