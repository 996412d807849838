import type { Message } from '../../src/wire/messages.js';
import { N3_KIT, type KitBlock } from './dialect-kit.js';
import { n3CompressedFrame } from './n3-frames.js';

/**
 * A block of N3 as it comes from a remote that sends so many bytes of payload, compressed. No hash covers what stands behind the
 * block, and no node minds it.
 */
export function inflatedBlock(block: KitBlock, size: number): Message<'block'> {
  const payload = Buffer.concat([block.raw, Buffer.alloc(size - block.raw.length)]);
  const [message] = N3_KIT.decodeAll([n3CompressedFrame('block', payload)]);
  return message as Message<'block'>;
}
