import type { Block } from '../../wire/common/block.js';
import type { Transaction } from '../../wire/common/transaction.js';
import type { PayloadOf } from '../../wire/messages.js';

/**
 * Something that `getdata` asks for, as a handler gives it: the object itself, as it was received or made. To a remote
 * that loaded a filter a `merkleblock` may be given in place of a block. Consensus payloads and state roots are Legacy's,
 * extensible payloads and notary requests N3's.
 *
 * @publicApi
 */
export type InventoryObject =
  Block | Transaction | PayloadOf<'merkleblock' | 'consensus' | 'stateroot' | 'extensible' | 'p2pnotaryrequest'>;
