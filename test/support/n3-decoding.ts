import type { RawFrame, UnknownMessage } from '../../src/wire/common/dialect.js';
import { n3Dialect } from '../../src/wire/n3/dialect.js';
import type { N3Message } from '../../src/wire/n3/payloads.js';

/** Magic of the local N3 network. */
export const N3_LOCAL = 42;

/** Every message in a stream that arrives in these chunks. */
export function decodeN3(chunks: Iterable<Uint8Array>, magic = N3_LOCAL): (N3Message | UnknownMessage)[] {
  const decoder = n3Dialect.createFrameDecoder({ magic });
  return Array.from(chunks, (chunk) => [...decoder.push(chunk)]).flat();
}

/** Every frame in a stream that arrives in these chunks. */
export function rawN3(chunks: Iterable<Uint8Array>): RawFrame[] {
  const decoder = n3Dialect.createFrameDecoder({ magic: N3_LOCAL });
  return Array.from(chunks, (chunk) => [...decoder.pushRaw(chunk)]).flat();
}
