import { compressSync, uncompressSync } from 'lz4-napi';
import { refuseFrame } from '../common/refuse-frame.js';
import { u32At } from '../primitives/little-endian.js';
import { COMPRESSION_GAIN, COMPRESSION_THRESHOLD, RAW_SIZE_BYTES } from './limits.js';
import { decompressedSize } from './lz4-block.js';

/**
 * What a compressed payload was before: u32 size, then one LZ4 block that becomes exactly so many bytes.
 *
 * The library allocates whatever size is announced, and takes some blocks that other implementations refuse. So it is
 * given only what was found to be well-formed and to become what it announces.
 *
 * @param limit most bytes that it may become
 * @param offset where the payload begins in its frame, for errors
 * @throws DecodeError
 */
export function decompress(payload: Uint8Array, limit: number, offset: number): Uint8Array {
  if (payload.length <= RAW_SIZE_BYTES) {
    const detail = `${payload.length} bytes can't hold a size and an LZ4 block`;
    refuseFrame('payload', offset, 'truncated', detail);
  }
  const announced = u32At(payload, 0);
  if (announced > limit) refuseFrame('payload', offset, 'limit', `becomes ${announced} bytes, at most ${limit}`);
  const size = decompressedSize(payload, RAW_SIZE_BYTES, announced);
  if (size !== announced) {
    const found = size === undefined ? 'is not an LZ4 block that does' : `becomes ${size}`;
    refuseFrame('payload', offset, 'value', `announces ${announced} bytes, but ${found}`);
  }
  return uncompressSync(payload);
}

/** The payload compressed as the C# node does it, if it is large enough and gets smaller by enough; else undefined. */
export function compress(payload: Uint8Array): Uint8Array | undefined {
  if (payload.length <= COMPRESSION_THRESHOLD) return undefined;
  const compressed = compressSync(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength));
  return compressed.length < payload.length - COMPRESSION_GAIN ? compressed : undefined;
}
