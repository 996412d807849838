import type { View } from '../common/view.js';
import { varintSize } from '../primitives/byte-reader.js';
import { ExtensiblePayload } from './extensible.payload.js';
import { MAX_PAYLOAD_SIZE, MAX_TRIE_NODES } from './limits.js';
import { MerkleBlockPayload } from './merkle-block.payload.js';
import { NotaryRequestPayload } from './notary-request.payload.js';
import type { N3Command } from './payloads.js';

/**
 * The command that carries an object. Blocks and transactions may be of any class that looks like one: they count by
 * their bytes.
 */
export function commandOfObject(object: View): N3Command {
  if (object instanceof ExtensiblePayload) return 'extensible';
  if (object instanceof NotaryRequestPayload) return 'p2pnotaryrequest';
  if (object instanceof MerkleBlockPayload) return 'merkleblock';
  return 'transactions' in object ? 'block' : 'transaction';
}

/** The first nodes of the state trie, as many as one message holds, as neo-go answers. */
export function firstNodes(nodes: Iterable<Uint8Array>): Uint8Array[] {
  const taken: Uint8Array[] = [];
  let left = MAX_PAYLOAD_SIZE - varintSize(MAX_TRIE_NODES);
  for (const node of nodes) {
    left -= varintSize(node.length) + node.length;
    if (left < 0 || taken.length === MAX_TRIE_NODES) break;
    taken.push(node);
  }
  return taken;
}
