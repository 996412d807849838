import { describe, expect, it } from '@jest/globals';
import type { BlockHeader } from '../../src/wire/common/block-header.js';
import type { HeaderTrust } from '../../src/wire/common/header-verification.js';
import * as legacyGenesis from '../../src/wire/legacy/genesis.js';
import * as n3Genesis from '../../src/wire/n3/genesis.js';
import type { Digest } from '../../src/wire/primitives/hashing.js';
import { recordedHeaders, type RecordedHeader } from '../support/recorded-headers.js';
import { onNetwork, outcome, verify } from '../support/verified-headers.js';

/**
 * What a header was verified by: its hash, the header before it, or an account, which is that of the network's first
 * validators, or the one that the header itself names for the next block.
 */
type By = 'genesis' | 'previous' | 'first account' | 'own account';

/** How many headers of a file were verified by what, and how many not; what isn't listed is 0. */
type Tally = Readonly<Partial<Record<By | `refused: ${string}` | 'of no network', number>>>;

const recorded = recordedHeaders();

const genesisBlocks: readonly BlockHeader[] = [
  ...Object.values(legacyGenesis.STANDBY_VALIDATORS).map((keys) => legacyGenesis.genesisBlock(keys).header),
  ...Object.values(n3Genesis.STANDBY_VALIDATORS).map((keys) => n3Genesis.genesisBlock(keys).header),
  recorded.get('priv7-2600.acc')![0]!.header, // its validators are in no list
];

/** By magic. */
const FIRST_VALIDATORS: Readonly<Record<number, BlockHeader>> = {
  7630401: legacyGenesis.genesisBlock(legacyGenesis.STANDBY_VALIDATORS.mainnet).header,
  1953787457: legacyGenesis.genesisBlock(legacyGenesis.STANDBY_VALIDATORS.testnet).header,
  56753: legacyGenesis.genesisBlock(legacyGenesis.STANDBY_VALIDATORS.privnet).header,
  860833102: n3Genesis.genesisBlock(n3Genesis.STANDBY_VALIDATORS.mainnet).header,
};

/**
 * The heights, by file, at which others than the network's first validators sign and the header before wasn't recorded. They
 * sign the next block as well, so the header names them.
 */
const SELF_NAMED: Readonly<Record<string, readonly number[]>> = {
  'legacy/blocks.json': [2_504_147, 2_504_280],
  'neo-one-live-blocks-tx': [2601],
  'neo-one-push-headers-blocks': [1],
  'n3/blocks.json': [6],
  'n3/frames.json': [6],
};

const byHash = new Map<Digest, BlockHeader>();
for (const header of [...genesisBlocks, ...[...recorded.values()].flat().map((record) => record.header)]) {
  if (!byHash.has(header.hash.key)) byHash.set(header.hash.key, header);
}

function trustIn(file: string, { header, magic, name }: RecordedHeader): readonly [By, HeaderTrust] {
  if (header.index === 0) return ['genesis', header];
  const previous = byHash.get(header.prevHash.key);
  if (previous !== undefined) return ['previous', { previous }];
  if (SELF_NAMED[file]?.includes(header.index)) return ['own account', header];
  const first = FIRST_VALIDATORS[magic ?? -1];
  if (first === undefined) throw new Error(`nobody is known who signs ${name} of ${file}`);
  return ['first account', first];
}

/** What came of headers that stand in more than one file. */
const fates = new Map<string, keyof Tally>();

function fateOf(file: string, record: RecordedHeader): keyof Tally {
  const { header, magic } = record;
  const genesis = genesisBlocks.find(({ hash }) => header.index === 0 && hash.equals(header.hash));
  if (magic === undefined && genesis === undefined) return 'of no network';
  const [by, trust] = trustIn(file, record);
  const key = `${magic} ${by} ${Buffer.from(header.raw).toString('latin1')}`;
  let fate = fates.get(key);
  if (fate === undefined) {
    const rule = outcome(() => verify(header, trust, onNetwork(genesis?.hash, magic)));
    fate = rule === undefined ? by : `refused: ${rule}`;
    fates.set(key, fate);
  }
  return fate;
}

function tallyOf(file: string): Tally {
  const tally: Partial<Record<keyof Tally, number>> = {};
  for (const record of recorded.get(file) ?? []) {
    const fate = fateOf(file, record);
    tally[fate] = (tally[fate] ?? 0) + 1;
  }
  return tally;
}

const FILES: readonly (readonly [file: string, tally: Tally])[] = [
  ['legacy/genesis.json', { genesis: 4 }],
  ['legacy/headers.json', { previous: 12, 'first account': 3 }],
  // Its second entry has a witness that was zeroed in part, and a header of nothing but zeros.
  ['legacy/headers_payload.json', { previous: 1, 'refused: next-consensus': 1, 'refused: genesis': 1 }],
  ['legacy/blocks.json', { genesis: 1, previous: 5, 'first account': 16, 'own account': 2 }],
  ['legacy/block-testnet-797966.bin', { 'first account': 1 }],
  ['legacy/frames.json', { genesis: 1, previous: 8, 'first account': 2 }],
  ['legacy/bloom_merkleblock.json', { 'refused: script': 15 }], // four signatures for three, as its README says
  ['legacy-local.chain', { previous: 6000 }],
  ['priv7-2600.acc', { genesis: 1, previous: 2599 }],
  ['neo-go2-inbound-session', { previous: 4207 }],
  ['neo-one-live-blocks-tx', { 'own account': 1, previous: 4 }],
  ['neo-one-push-headers-blocks', { previous: 206, 'refused: signature': 2 }], // two bad ones were pushed on purpose
  ['n3/genesis.json', { genesis: 5 }],
  ['n3/headers.json', { 'first account': 1, previous: 4, 'of no network': 2 }],
  ['n3/blocks.json', { 'first account': 1, previous: 2, 'own account': 1, 'of no network': 2 }],
  ['n3/payloads.json', { genesis: 1, 'of no network': 2 }],
  ['n3/frames.json', { 'first account': 1, previous: 6, 'own account': 1, 'of no network': 1 }],
  ['n3-local.chain', { previous: 50 }],
  ['neo-go3-inbound-session', { previous: 27 }],
];

describe('the recorded headers verify, but for those that nobody signed rightly:', () => {
  it.each(FILES)('%s', (file, tally) => {
    expect(tallyOf(file)).toEqual(tally);
  });

  it('there are no others', () => {
    expect([...recorded.keys()]).toEqual(FILES.map(([file]) => file));
  });
});
