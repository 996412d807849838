import { describe, expect, it } from '@jest/globals';
import { genesisBlock, STANDBY_VALIDATORS } from '../../../src/wire/legacy/genesis.js';
import { legacyAddress } from '../../../src/wire/legacy/script.js';
import { refusalOf } from '../../support/decode-failure.js';
import { plain } from '../../support/plain.js';
import { loadVectors } from '../../support/vectors.js';

interface GenesisVector {
  readonly name: 'MainNet' | 'TestNet' | 'PrivNet4' | 'PrivNet1';
  readonly standbyValidators: readonly string[];
  readonly hash: string;
  readonly headerHex: string;
  readonly blockHex: string;
  readonly expected: { readonly transactionHashes: readonly string[]; readonly issueTo: string };
}

const vectors = loadVectors<GenesisVector[]>('genesis.json');
const ours = { MainNet: 'mainnet', TestNet: 'testnet', PrivNet4: 'privnet', PrivNet1: 'privnetSingle' } as const;

describe('genesisBlock', () => {
  it.each(vectors)('builds that of $name from its standby validators', ({ name, standbyValidators, ...vector }) => {
    expect(STANDBY_VALIDATORS[ours[name]]).toEqual(standbyValidators);
    const block = genesisBlock(standbyValidators);
    block.verify();
    expect(block.hash.toString()).toBe(`0x${vector.hash}`);
    expect(Buffer.from(block.raw).toString('hex')).toBe(vector.blockHex);
    expect(`${Buffer.from(block.header.raw).toString('hex')}00`).toBe(vector.headerHex);
    const { transactionHashes, issueTo, ...header } = vector.expected;
    expect(plain(block)).toMatchObject(header);
    expect(block.transactions.map(({ hash }) => hash.toString().slice(2))).toEqual(transactionHashes);
    expect(legacyAddress(block.transactions[3]!.outputs[0]!.scriptHash)).toBe(issueTo);
  });

  it('does not depend on the order of the validators', () => {
    const turned = STANDBY_VALIDATORS.mainnet.toReversed();
    expect(genesisBlock(turned).hash.equals(genesisBlock(STANDBY_VALIDATORS.mainnet).hash)).toBe(true);
  });

  it('refuses no validators, too many, and what is no key', () => {
    const facts = { command: 'script', field: 'keys', offset: 0 } as const;
    const [key] = STANDBY_VALIDATORS.privnetSingle;
    expect(refusalOf(() => genesisBlock([]))).toEqual({ ...facts, problem: 'limit' });
    expect(refusalOf(() => genesisBlock(Array.from({ length: 17 }, () => key)))).toEqual({
      ...facts,
      problem: 'limit',
    });
    expect(refusalOf(() => genesisBlock(['02ff']))).toEqual({ ...facts, problem: 'value' });
  });
});
