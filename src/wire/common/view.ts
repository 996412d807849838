import type { DialectName } from './dialect-name.js';

/**
 * A read-only window on received bytes. Fields are read when asked for, hashes are computed once.
 *
 * A view keeps the whole frame it came from in memory; {@link detach} before storing one for long.
 *
 * @publicApi
 */
export interface View<D extends DialectName = DialectName> {
  readonly dialect: D;
  /** The bytes of this thing alone, in wire order. A window, not a copy: don't write to it. */
  readonly raw: Uint8Array;
  /** A view of the same thing over its own copy of the bytes. */
  detach(): this;
  /** Plain data for printing: hashes in display order with `0x`, 64-bit and fixed-8 numbers as decimal strings, bytes as hex. */
  toJSON(): object;
}
