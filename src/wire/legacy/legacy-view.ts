import { ByteView } from '../common/byte-view.js';
import { SignedView } from '../common/signed-view.js';
import { hash256Range, type Digest } from '../primitives/hashing.js';

/**
 * A view of something of NEO 2.x.
 *
 * @internal
 */
export abstract class LegacyView extends ByteView<'legacy'> {
  get dialect(): 'legacy' {
    return 'legacy';
  }
}

/**
 * A view of something of NEO 2.x that is hashed and signed.
 *
 * @internal
 */
export abstract class LegacySignedView extends SignedView<'legacy'> {
  get dialect(): 'legacy' {
    return 'legacy';
  }

  protected digest(bytes: Uint8Array, start: number, end: number): Digest {
    return hash256Range(bytes, start, end);
  }
}
