import { MAX_ADDRESSES, MAX_BLOCK_HASHES, MAX_BLOCKS, MAX_HEADERS, MAX_POOL_HASHES } from './limits.js';
import type { N3Command, N3Message, N3Payloads } from './payloads.js';
import { countedItems } from './range-count.js';

/** The requests, with how many items an answer to each may have. */
const sizes: { readonly [K in N3Command]?: (request: N3Payloads[K]) => number } = Object.freeze({
  getheaders: ({ count }) => countedItems(count, MAX_HEADERS),
  getblocks: ({ count }) => countedItems(count, MAX_BLOCK_HASHES),
  getblockbyindex: ({ count }) => countedItems(count, MAX_BLOCKS),
  getaddr: () => MAX_ADDRESSES,
  mempool: () => MAX_POOL_HASHES,
  getdata: ({ hashes }) => hashes.length,
  getmptdata: ({ hashes }) => hashes.length,
} satisfies { readonly [K in N3Command]?: (request: N3Payloads[K]) => number });

/**
 * How many items an answer to that request may have.
 *
 * @throws TypeError for a message that isn't a request
 */
export function answerSize({ command, payload }: N3Message): number {
  const size = sizes[command] as ((request: typeof payload) => number) | undefined;
  if (size === undefined) throw new TypeError(`a request is wanted, not ${command}`);
  return size(payload);
}
