import type { NetworkAddress } from '../../../wire/common/network-address.js';
import type { AdversaryKind } from './adversary-kind.js';
import type { AdversarySession } from './adversary-session.js';
import { type Conduct, PoliteConduct } from './conduct.js';
import {
  AddressFloodConduct,
  BrokenFramesConduct,
  EclipseConduct,
  GarbageConduct,
  LiarConduct,
  RequestFloodConduct,
  SilentConduct,
  SlowReaderConduct,
  VersionSpamConduct,
} from './hostile-conducts.js';

/**
 * The script of a kind.
 *
 * @param tells the addresses for those who ask, and for those who are flooded
 * @internal
 */
export function conductOf(
  kind: AdversaryKind,
  tells: (session: AdversarySession) => readonly NetworkAddress[],
): Conduct {
  switch (kind) {
    case 'polite':
      return new PoliteConduct(tells);
    case 'silent':
      return new SilentConduct();
    case 'garbage':
      return new GarbageConduct();
    case 'broken-frames':
      return new BrokenFramesConduct(tells);
    case 'version-spam':
      return new VersionSpamConduct();
    case 'slow-reader':
      return new SlowReaderConduct(tells);
    case 'liar':
      return new LiarConduct(tells);
    case 'address-flood':
      return new AddressFloodConduct(tells);
    case 'request-flood':
      return new RequestFloodConduct(tells);
    case 'eclipse':
      return new EclipseConduct(tells);
    default:
      return kind satisfies never;
  }
}
