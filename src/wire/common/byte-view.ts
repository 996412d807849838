import type { DialectName } from './dialect-name.js';
import type { View } from './view.js';

/**
 * A window from `start` to `end` on bytes that were checked when it was made. Subclasses read their fields at offsets
 * relative to `start`, so that a view can be moved onto a copy of its bytes.
 *
 * Every subclass has `static decode(reader)`, which checks the layout and makes the view, and `static from(fields)`,
 * which encodes the fields and makes a view of the result: there is one representation, the bytes.
 *
 * @internal
 */
export abstract class ByteView<D extends DialectName> implements View<D> {
  abstract readonly dialect: D;

  constructor(
    protected readonly bytes: Uint8Array,
    protected readonly start: number,
    protected readonly end: number,
  ) {}

  get raw(): Uint8Array {
    const { bytes, start, end } = this;
    return start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end);
  }

  /**
   * Bytes that stay in memory as long as this view does. More than {@link raw} where the view is a part of something, or
   * where surplus bytes came with it.
   *
   * @internal
   */
  get heldBytes(): number {
    return this.bytes.length;
  }

  detach(): this {
    return this.over(Uint8Array.from(this.raw));
  }

  abstract toJSON(): object;

  /** The same view over bytes of its own, which begin at 0 and were checked already. */
  protected abstract over(bytes: Uint8Array): this;
}
