import type { Message } from './messages.js';

/**
 * Bytes of memory that a received message takes, for limits of memory. Its `size` is that of the frame on the wire, and
 * a compressed frame of 131 kB becomes 33 MB; surplus bytes after a payload, which nobody reads, are decompressed and kept
 * too.
 *
 * @internal
 */
export function weightOf({ size, payload }: Message): number {
  return Math.max(size, payload.heldBytes);
}
