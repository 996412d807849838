import * as fc from 'fast-check';
import { legacyDialect } from '../../src/wire/legacy/dialect.js';
import type { LegacyMessage } from '../../src/wire/legacy/payloads.js';
import type { UnknownMessage } from '../../src/wire/common/dialect.js';
import { hash256 } from '../../src/wire/primitives/hashing.js';

/** Magic of the NEO 2.x private network. */
export const PRIVNET = 56_753;

/** A frame made field by field, so that any field can be wrong. */
export function rawFrame(
  command: string | Uint8Array,
  payload: Uint8Array,
  wrong: { magic?: number; length?: number; checksum?: number } = {},
): Buffer {
  const frame = Buffer.alloc(24 + payload.length);
  frame.writeUInt32LE(wrong.magic ?? PRIVNET, 0);
  frame.set(typeof command === 'string' ? Buffer.from(command) : command, 4);
  frame.writeUInt32LE(wrong.length ?? payload.length, 16);
  frame.write(hash256(payload).slice(0, 4), 20, 'latin1');
  if (wrong.checksum !== undefined) frame.writeUInt32LE(wrong.checksum, 20);
  frame.set(payload, 24);
  return frame;
}

/** Every message in a stream that arrives in these chunks. */
export function decodeAll(chunks: Iterable<Uint8Array>, magic = PRIVNET): (LegacyMessage | UnknownMessage)[] {
  const decoder = legacyDialect.createFrameDecoder({ magic });
  return Array.from(chunks, (chunk) => [...decoder.push(chunk)]).flat();
}

/** Ways to cut `stream` into chunks, empty ones included. */
export function cuts(stream: Uint8Array): fc.Arbitrary<Uint8Array[]> {
  return fc.array(fc.nat(stream.length), { maxLength: 12 }).map((places) => cutAt(stream, places));
}

/** The stream in pieces of `size` bytes. */
export function piecesOf(stream: Uint8Array, size: number): Uint8Array[] {
  const count = Math.ceil(stream.length / size);
  return Array.from({ length: count }, (_, i) => stream.subarray(i * size, (i + 1) * size));
}

function cutAt(stream: Uint8Array, places: readonly number[]): Uint8Array[] {
  const borders = [0, ...places.toSorted((a, b) => a - b), stream.length];
  return borders.slice(1).map((border, i) => stream.subarray(borders[i], border));
}
