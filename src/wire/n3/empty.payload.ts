import type { ByteReader } from '../primitives/byte-reader.js';
import { N3View } from './n3-view.js';

const NOTHING = new Uint8Array(0);

/**
 * The payload of `verack`, `getaddr`, `mempool` and `filterclear`: no bytes at all. Bytes that came with one are not
 * read.
 *
 * @publicApi
 */
export class EmptyPayload extends N3View {
  /** @internal */
  static decode(_reader: ByteReader): EmptyPayload {
    return EmptyPayload.from();
  }

  static from(): EmptyPayload {
    return new EmptyPayload(NOTHING, 0, 0);
  }

  toJSON(): object {
    return {};
  }

  protected over(bytes: Uint8Array): this {
    return new EmptyPayload(bytes, 0, bytes.length) as this;
  }
}
