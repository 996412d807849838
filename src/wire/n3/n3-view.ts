import { ByteView } from '../common/byte-view.js';

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
