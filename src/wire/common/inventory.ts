import type { HashList } from '../primitives/hash-list.js';
import type { DialectName } from './dialect-name.js';
import type { View } from './view.js';

/**
 * What an inventory's hashes name.
 *
 * @publicApi
 */
export type InventoryKind = 'transaction' | 'block' | 'stateroot' | 'consensus';

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
