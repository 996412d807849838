import type { HashList } from '../primitives/hash-list.js';
import type { DialectName } from './dialect-name.js';
import type { View } from './view.js';

/**
 * What an inventory's hashes name. Blocks and transactions are common to both dialects; `consensus` and `stateroot` are
 * Legacy's, `extensible` and `notaryrequest` N3's.
 *
 * @publicApi
 */
export type InventoryKind = 'transaction' | 'block' | 'consensus' | 'stateroot' | 'extensible' | 'notaryrequest';

/**
 * The payload of `inv` and `getdata`: hashes of things one has, or wants.
 *
 * @publicApi
 */
export interface Inventory<D extends DialectName = DialectName> extends View<D> {
  readonly kind: InventoryKind;
  /** The byte on the wire that stands for {@link kind} in this dialect. */
  readonly type: number;
  readonly hashes: HashList;
}
