import { refuseFrame } from '../common/refuse-frame.js';
import { varintSize } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { u16At, u32At, u64At } from '../primitives/little-endian.js';
import { compress } from './compression.js';
import { FRAME_PREFIX_SIZE, MAX_PAYLOAD_SIZE } from './limits.js';

/** Where the fields of a frame begin, in bytes. */
export const COMMAND_OFFSET = 1;
export const LENGTH_OFFSET = FRAME_PREFIX_SIZE;

/** The flag that says: the payload is compressed. Nodes ignore the other seven. */
export const COMPRESSED = 0x01;

/** Bytes of a frame before its payload, from the first byte of the length. */
export function headerSize(firstOfLength: number): number {
  if (firstOfLength < 0xfd) return FRAME_PREFIX_SIZE + 1;
  if (firstOfLength === 0xfd) return FRAME_PREFIX_SIZE + 3;
  return FRAME_PREFIX_SIZE + (firstOfLength === 0xfe ? 5 : 9);
}

/** The length in the whole header of the frame that begins at `start`. It may be in a longer form than it needs. */
export function payloadLength(bytes: Uint8Array, start: number): number {
  const at = start + LENGTH_OFFSET;
  const first = bytes[at]!;
  if (first < 0xfd) return first;
  if (first === 0xfd) return u16At(bytes, at + 1);
  return first === 0xfe ? u32At(bytes, at + 1) : Number(u64At(bytes, at + 1));
}

/**
 * A whole frame: the header, then a copy of the payload.
 *
 * @param mayCompress whether to compress the payload if that makes it smaller
 * @throws DecodeError when the payload is longer than any node takes
 */
export function encodeFrame(command: number, payload: Uint8Array, mayCompress: boolean): Uint8Array {
  if (payload.length > MAX_PAYLOAD_SIZE) {
    refuseFrame('length', LENGTH_OFFSET, 'limit', `${payload.length} bytes, at most ${MAX_PAYLOAD_SIZE}`);
  }
  const compressed = mayCompress ? compress(payload) : undefined;
  const carried = compressed ?? payload;
  return new ByteWriter(FRAME_PREFIX_SIZE + varintSize(carried.length) + carried.length)
    .u8(compressed === undefined ? 0 : COMPRESSED)
    .u8(command)
    .varBytes(carried)
    .finish();
}

/** What stands for the name of a command that has none. */
export function commandText(command: number): string {
  return `0x${command.toString(16).padStart(2, '0')}`;
}
