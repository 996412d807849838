import { toHex } from '../primitives/hex.js';
import { ByteView } from './byte-view.js';
import type { DialectName } from './dialect-name.js';

/**
 * A payload of any bytes.
 *
 * @internal
 */
export abstract class OpaqueView<D extends DialectName> extends ByteView<D> {
  /** All of it. */
  get data(): Uint8Array {
    return this.raw;
  }

  /** `{}` when there are no bytes. */
  toJSON(): object {
    return this.data.length === 0 ? {} : { data: toHex(this.data) };
  }
}
