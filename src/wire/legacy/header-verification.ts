import type { BlockHeader } from '../common/block-header.js';
import { verifyBy, type HeaderRules } from '../common/header-rules.js';
import { HeaderVerificationError } from '../common/header-verification.error.js';
import type { HeaderTrust, HeaderVerification } from '../common/header-verification.js';
import { asLegacyHeader, type LegacyBlockHeader } from './block-header.js';
import { GENESIS_SCRIPT } from './genesis.js';
import { parseInvocationScript, parseVerificationScript } from './script.js';

/** The one version there is. It is hashed, and nobody's consensus makes or signs another. */
const VERSION = 0;

const rules: HeaderRules<LegacyBlockHeader> = Object.freeze({
  own: (header) => (header.dialect === 'legacy' ? asLegacyHeader(header) : undefined),
  genesisScript: GENESIS_SCRIPT,
  parseVerificationScript,
  parseInvocationScript,
  signedData: (header) => header.unsigned,
  checkFields: ({ index, version }) => {
    if (version !== VERSION) throw new HeaderVerificationError(index, 'version', `${version}, not ${VERSION}`);
  },
} satisfies HeaderRules<LegacyBlockHeader>);

/**
 * Checks a header of NEO 2.x, whose validators sign its bytes: the magic plays no part.
 *
 * @throws HeaderVerificationError; DecodeError for a header of somebody else's class whose bytes are none
 *
 * @internal
 */
export function verifyHeader(header: BlockHeader, by: HeaderTrust, verification: HeaderVerification): void {
  verifyBy(rules, header, by, verification);
}
