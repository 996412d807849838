import type { BlockHeader } from '../../../wire/common/block-header.js';
import { LegacyBlockHeader } from '../../../wire/legacy/block-header.js';
import { N3Block } from '../../../wire/n3/block.js';
import { N3BlockHeader } from '../../../wire/n3/block-header.js';
import type { DialectName } from '../../../wire/common/dialect-name.js';
import { UInt160 } from '../../../wire/primitives/uint160.js';
import { UInt256 } from '../../../wire/primitives/uint256.js';
import type { SeededRandom } from '../../seeded-random.js';

const N3_ONLY = Object.freeze({ nonce: 0n, primaryIndex: 0 });
const LEGACY_ONLY = Object.freeze({ consensusData: 0n });

/**
 * Headers of which each is well-formed and the second doesn't follow the first.
 *
 * @param after what the first one claims to follow; chance decides where it isn't given
 * @internal
 */
export function unlinkedHeaders(
  dialect: DialectName,
  random: SeededRandom,
  from: { readonly index: number; readonly after?: UInt256 },
): readonly BlockHeader[] {
  const { index, after = randomHash(random) } = from;
  return [falseHeader(dialect, random, index, after), falseHeader(dialect, random, index + 1, randomHash(random))];
}

/**
 * An N3 block of that height whose transactions, none at all, aren't those its header promises. (Legacy has no request by
 * height, and a block that was asked for by its hash can't be made up.)
 *
 * @internal
 */
export function falseBlock(random: SeededRandom, index: number): N3Block {
  const header = N3BlockHeader.from({ ...common(random, index, randomHash(random)), ...N3_ONLY });
  return N3Block.from({ header, transactions: [] });
}

function falseHeader(dialect: DialectName, random: SeededRandom, index: number, prevHash: UInt256): BlockHeader {
  const fields = common(random, index, prevHash);
  return dialect === 'n3'
    ? N3BlockHeader.from({ ...fields, ...N3_ONLY })
    : LegacyBlockHeader.from({ ...fields, ...LEGACY_ONLY });
}

function common(random: SeededRandom, index: number, prevHash: UInt256) {
  return {
    prevHash,
    merkleRoot: randomHash(random),
    timestamp: 0,
    index,
    nextConsensus: UInt160.fromBytes(random.bytes(UInt160.SIZE)),
    witness: { invocation: new Uint8Array(0), verification: random.bytes(1) },
  };
}

function randomHash(random: SeededRandom): UInt256 {
  return UInt256.fromBytes(random.bytes(UInt256.SIZE));
}
