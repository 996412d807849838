import type { ElementFilter } from '../common/element-filter.js';
import type { LegacyTransaction } from './transaction.js';
import { INPUT_SIZE } from './transaction-input.js';
import { scriptHash } from './script.js';
import { TransactionType } from './transaction-type.js';

/**
 * Whether a transaction is one that the owner of the filter wants: the filter has its hash, an account it pays to, an
 * output it spends (as its 34 bytes on the wire), an account that signed it, or the admin it registers.
 *
 * @publicApi
 */
export function matches(transaction: LegacyTransaction, filter: ElementFilter): boolean {
  return (
    filter.contains(transaction.hash.bytes) ||
    transaction.outputs.some((output) => filter.contains(output.scriptHash.bytes)) ||
    transaction.inputs.some((input) => {
      const bytes = Buffer.alloc(INPUT_SIZE);
      bytes.set(input.prevHash.bytes);
      bytes.writeUInt16LE(input.prevIndex, INPUT_SIZE - 2);
      return filter.contains(bytes);
    }) ||
    transaction.witnesses.some((witness) => filter.contains(scriptHash(witness.verification).bytes)) ||
    (transaction.data.type === TransactionType.Register && filter.contains(transaction.data.admin.bytes))
  );
}
