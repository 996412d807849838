import type { UInt256 } from '../primitives/uint256.js';
import type { DialectName } from './dialect-name.js';
import type { View } from './view.js';
import type { Witness } from './witness.js';

/**
 * What every dialect's transaction has. The rest differs: refine by `dialect`.
 *
 * @publicApi
 */
export interface Transaction<D extends DialectName = DialectName> extends View<D> {
  /** Computed from the bytes before the witnesses on first use, then kept. */
  readonly hash: UInt256;
  readonly version: number;
  /** Bytes on the wire, witnesses included. */
  readonly size: number;
  readonly witnesses: readonly Witness[];
}
