import type { ElementFilter } from '../common/element-filter.js';
import type { N3Transaction } from './transaction.js';

/**
 * Whether a transaction is one that the owner of the filter wants: the filter has its hash, or the account of one of its
 * signers.
 *
 * @publicApi
 */
export function matches(transaction: N3Transaction, filter: ElementFilter): boolean {
  return (
    filter.contains(transaction.hash.bytes) ||
    transaction.signers.some((signer) => filter.contains(signer.account.bytes))
  );
}
