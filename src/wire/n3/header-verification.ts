import type { BlockHeader } from '../common/block-header.js';
import { verifyBy, type HeaderRules } from '../common/header-rules.js';
import { HeaderVerificationError } from '../common/header-verification.error.js';
import type { HeaderTrust, HeaderVerification } from '../common/header-verification.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import type { UInt256 } from '../primitives/uint256.js';
import { asN3Header, type N3BlockHeader } from './block-header.js';
import { GENESIS_SCRIPT } from './genesis.js';
import { parseInvocationScript, parseVerificationScript } from './script.js';

/** Bytes that are signed: a magic and a hash. */
const SIGNED_SIZE = 36;

const rules: HeaderRules<N3BlockHeader> = Object.freeze({
  own: (header) => (header.dialect === 'n3' ? asN3Header(header) : undefined),
  genesisScript: GENESIS_SCRIPT,
  parseVerificationScript,
  parseInvocationScript,
  signedData: (header, magic) => signedData(header.hash, magic),
  checkFields: ({ index, primaryIndex }, { keys }) => {
    if (primaryIndex < keys.length) return;
    const detail = `validator ${primaryIndex} proposed it, but there are ${keys.length}`;
    throw new HeaderVerificationError(index, 'primary-index', detail);
  },
} satisfies HeaderRules<N3BlockHeader>);

/**
 * Checks a header of NEO N3, whose validators sign the network's magic and its hash.
 *
 * @throws HeaderVerificationError; DecodeError for a header of somebody else's class whose bytes are none
 *
 * @internal
 */
export function verifyHeader(header: BlockHeader, by: HeaderTrust, verification: HeaderVerification): void {
  verifyBy(rules, header, by, verification);
}

/**
 * What every signature of N3 covers: of headers, transactions, extensible payloads and notary requests.
 *
 * @param hash the signed thing's
 * @param magic the network's
 *
 * @publicApi
 */
export function signedData(hash: UInt256, magic: number): Uint8Array {
  return new ByteWriter(SIGNED_SIZE).u32(magic).digest(hash.key).finish();
}
