import { ByteView } from '../common/byte-view.js';

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
