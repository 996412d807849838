import { MAX_ADDRESSES, MAX_BLOCK_HASHES, MAX_HEADERS, MAX_POOL_HASHES, MAX_STATE_ROOTS } from './limits.js';
import type { LegacyCommand, LegacyMessage, LegacyPayloads } from './payloads.js';

/** The requests, with how many items an answer to each may have. */
const sizes: { readonly [K in LegacyCommand]?: (request: LegacyPayloads[K]) => number } = Object.freeze({
  getheaders: () => MAX_HEADERS,
  getblocks: () => MAX_BLOCK_HASHES,
  getaddr: () => MAX_ADDRESSES,
  mempool: () => MAX_POOL_HASHES,
  getdata: ({ hashes }) => hashes.length,
  getroots: ({ count }) => Math.min(count, MAX_STATE_ROOTS),
} satisfies { readonly [K in LegacyCommand]?: (request: LegacyPayloads[K]) => number });

/**
 * How many items an answer to that request may have.
 *
 * @throws TypeError for a message that isn't a request
 */
export function answerSize({ command, payload }: LegacyMessage): number {
  const size = sizes[command] as ((request: typeof payload) => number) | undefined;
  if (size === undefined) throw new TypeError(`a request is wanted, not ${command}`);
  return size(payload);
}
