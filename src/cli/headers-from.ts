import type { BlockHeader } from '../wire/common/block-header.js';
import type { ChainPart } from './chain-part.js';
import { headersAfter } from './headers-after.js';

/**
 * The headers of a part of a chain, each checked. Those below its start are checked and not given.
 *
 * @throws HeaderVerificationError after every header before the one that fails
 * @throws SilentNodeError when the peer answers nothing at all
 * @internal
 */
export async function* headersFrom({
  peer,
  start,
  chain,
  count,
  ...around
}: ChainPart): AsyncGenerator<BlockHeader, void, undefined> {
  const { position, firstIndex, genesis } = start;
  if (firstIndex > peer.height) return;
  if (genesis !== undefined) {
    await chain.append(genesis.header);
    yield genesis.header;
  }
  const given = genesis === undefined ? 0 : 1;
  const passedOver = 'index' in position ? 0 : Math.max(0, firstIndex - 1);
  const most = count - given + passedOver;
  for await (const header of headersAfter(peer, position, { ...around, ...(most < Infinity && { count: most }) })) {
    await chain.append(header);
    if (header.index >= firstIndex) yield header;
  }
}
