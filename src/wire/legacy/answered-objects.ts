import type { View } from '../common/view.js';
import { ByteReader } from '../primitives/byte-reader.js';
import { ConsensusPayload } from './consensus.payload.js';
import { MAX_STATE_ROOTS } from './limits.js';
import { MerkleBlockPayload } from './merkle-block.payload.js';
import type { LegacyCommand } from './payloads.js';
import { GetRootsPayload } from './roots.payloads.js';
import { StateRoot } from './state-root.js';

/**
 * The command that carries an object. Blocks and transactions may be of any class that looks like one: they count by
 * their bytes.
 */
export function commandOfObject(object: View): LegacyCommand {
  if (object instanceof ConsensusPayload) return 'consensus';
  if (object instanceof StateRoot) return 'stateroot';
  if (object instanceof MerkleBlockPayload) return 'merkleblock';
  return 'transactions' in object ? 'block' : 'transaction';
}

/**
 * The first roots, as many as were asked for. Nodes of 2.13 ask for at most 200 and drop whoever sends more, older ones
 * read up to 2000: what was asked for is right for both. A root of somebody else's class counts by its bytes.
 */
export function firstRoots(request: View, roots: Iterable<View>): StateRoot[] {
  const wanted = request instanceof GetRootsPayload ? Math.min(request.count, MAX_STATE_ROOTS) : 0;
  const taken: StateRoot[] = [];
  if (wanted === 0) return taken;
  for (const root of roots) {
    taken.push(root instanceof StateRoot ? root : StateRoot.decode(new ByteReader(root.raw, 'stateroot')));
    if (taken.length === wanted) break;
  }
  return taken;
}
