import type { BlockHeader } from '../../src/wire/common/block-header.js';
import { HeaderVerificationError, type HeaderRule } from '../../src/wire/common/header-verification.error.js';
import type { HeaderTrust, HeaderVerification } from '../../src/wire/common/header-verification.js';
import { PublicKeys } from '../../src/wire/common/public-keys.js';
import { LegacyBlockHeader } from '../../src/wire/legacy/block-header.js';
import * as legacyGenesis from '../../src/wire/legacy/genesis.js';
import { verifyHeader as verifyLegacyHeader } from '../../src/wire/legacy/header-verification.js';
import { N3BlockHeader } from '../../src/wire/n3/block-header.js';
import * as n3Genesis from '../../src/wire/n3/genesis.js';
import { verifyHeader as verifyN3Header } from '../../src/wire/n3/header-verification.js';
import { ByteReader } from '../../src/wire/primitives/byte-reader.js';
import { DecodeError } from '../../src/wire/primitives/decode.error.js';
import type { UInt256 } from '../../src/wire/primitives/uint256.js';
import { bytes, loadLocalChain, loadN3LocalChain, loadN3Vectors, loadVectors } from './vectors.js';

/** Magic of the recorded N3 chain. */
export const N3_LOCAL = 42;
export const N3_MAINNET = 860833102;

const keys = new PublicKeys();

export function legacyHeader(raw: Uint8Array): LegacyBlockHeader {
  return LegacyBlockHeader.decode(new ByteReader(raw, 'header'));
}

export function n3Header(raw: Uint8Array): N3BlockHeader {
  return N3BlockHeader.decode(new ByteReader(raw, 'header'));
}

/** Headers of genesis blocks. */
export const GENESIS = Object.freeze({
  legacy: legacyGenesis.genesisBlock(legacyGenesis.STANDBY_VALIDATORS.privnet).header,
  legacyMainnet: legacyGenesis.genesisBlock(legacyGenesis.STANDBY_VALIDATORS.mainnet).header,
  n3: n3Genesis.genesisBlock(n3Genesis.STANDBY_VALIDATORS.privnet).header,
  n3Mainnet: n3Genesis.genesisBlock(n3Genesis.STANDBY_VALIDATORS.mainnet).header,
});

/** The headers of a recorded chain, that of the genesis block first. */
export function legacyChain(): readonly LegacyBlockHeader[] {
  return [GENESIS.legacy, ...loadLocalChain().map(legacyHeader)];
}

/** The headers of a recorded chain, that of the genesis block first. */
export function n3Chain(): readonly N3BlockHeader[] {
  return [GENESIS.n3, ...loadN3LocalChain().map(n3Header)];
}

/** The headers of `headers.json` whose names begin so. */
export function legacyHeadersNamed(start: string): readonly LegacyBlockHeader[] {
  const vectors = loadVectors<{ readonly name: string; readonly hex: string }[]>('headers.json');
  return vectors.filter(({ name }) => name.startsWith(start)).map(({ hex }) => legacyHeader(bytes(hex)));
}

/** The headers of `headers.json` whose names begin so. */
export function n3HeadersNamed(start: string): readonly N3BlockHeader[] {
  const vectors = loadN3Vectors('headers.json');
  return vectors.filter(({ name }) => name.startsWith(start)).map(({ hex }) => n3Header(bytes(hex)));
}

/** What a verification on a network of that magic needs. */
export function onNetwork(genesis: UInt256 | undefined, magic = N3_LOCAL): HeaderVerification {
  return { magic, genesis, keys };
}

/** Verifies a header by the rules of its dialect. */
export function verify(header: BlockHeader, by: HeaderTrust, verification: HeaderVerification): void {
  const verifyHeader = header.dialect === 'n3' ? verifyN3Header : verifyLegacyHeader;
  verifyHeader(header, by, verification);
}

/** The rule that is broken, or the field that can't be read; undefined if nothing is wrong. Anything else is thrown. */
export function outcome(run: () => void): HeaderRule | `decode ${string}` | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof HeaderVerificationError) return error.rule;
    if (error instanceof DecodeError) return `decode ${error.field}`;
    throw error;
  }
}
