import { ByteView } from '../common/byte-view.js';
import { SignedView } from '../common/signed-view.js';
import { sha256Range, type Digest } from '../primitives/hashing.js';

/**
 * A view of something of NEO N3.
 *
 * @internal
 */
export abstract class N3View extends ByteView<'n3'> {
  get dialect(): 'n3' {
    return 'n3';
  }
}

/**
 * A view of something of NEO N3 that is hashed. What is signed is the network's magic (4 bytes, little-endian) and the
 * hash: see {@link signedData}.
 *
 * @internal
 */
export abstract class N3SignedView extends SignedView<'n3'> {
  get dialect(): 'n3' {
    return 'n3';
  }

  protected digest(bytes: Uint8Array, start: number, end: number): Digest {
    return sha256Range(bytes, start, end);
  }
}
