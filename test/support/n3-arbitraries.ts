import * as fc from 'fast-check';
import type { Witness } from '../../src/wire/common/witness.js';
import { N3Block } from '../../src/wire/n3/block.js';
import { N3BlockHeader } from '../../src/wire/n3/block-header.js';
import { merkleRoot } from '../../src/wire/primitives/merkle-tree.js';
import { UInt256 } from '../../src/wire/primitives/uint256.js';
import { accounts, byteArrays, hashes, u32, u64 } from './arbitraries.js';
import { transactions } from './n3-transaction-arbitraries.js';

/** Generators of everything that hangs on a NEO N3 chain, all of it valid. */

export { accounts, byteArrays, hashes, points, u32, u64 } from './arbitraries.js';
export * from './n3-transaction-arbitraries.js';

/** Scripts as long as they may be now and then. */
export function witnesses(): fc.Arbitrary<Witness> {
  return fc.record({ invocation: byteArrays(0, 1024), verification: byteArrays(0, 1024) });
}

export function headerFields() {
  return fc.record({
    prevHash: hashes(),
    merkleRoot: hashes(),
    timestamp: fc.maxSafeNat(),
    nonce: u64(),
    index: u32(),
    primaryIndex: fc.nat({ max: 255 }),
    nextConsensus: accounts(),
    witness: witnesses(),
  });
}

export function headers(): fc.Arbitrary<N3BlockHeader> {
  return headerFields().map((fields) => N3BlockHeader.from(fields));
}

/** Blocks that verify. */
export function blocks(minCount = 0, maxCount = 6): fc.Arbitrary<N3Block> {
  return fc
    .record({
      fields: headerFields(),
      list: fc.uniqueArray(transactions(), {
        minLength: minCount,
        maxLength: maxCount,
        selector: (transaction) => transaction.hash.key,
      }),
    })
    .map(({ fields, list }) => {
      const root = UInt256.fromDigest(merkleRoot(list.map((transaction) => transaction.hash.key)));
      return N3Block.from({ header: N3BlockHeader.from({ ...fields, merkleRoot: root }), transactions: list });
    });
}
