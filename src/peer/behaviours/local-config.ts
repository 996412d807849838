import type { NetworkDefinition } from '../../config/options.js';
import type { Capability } from '../../wire/common/capability.js';
import type { HeightProvider } from './height-provider.js';
import type { PeerAdmission } from './peer-admission.js';

/**
 * What a peer knows of the node it speaks for. Given by `PeerModule` from its options and behaviours; override it, or
 * a behaviour, in tests.
 *
 * @publicApi
 */
export abstract class LocalConfig {
  abstract readonly network: Readonly<NetworkDefinition>;
  /** At most 1024 bytes. */
  abstract readonly userAgent: string;
  /** Identifies this node among all others, 0 to 2^32-1. */
  abstract readonly nonce: number;
  abstract readonly protocolVersion: number;
  abstract readonly services: bigint;
  /** Whether we want announcements. */
  abstract readonly relay: boolean;
  /** The TCP port we announce; 0 = we don't listen. Known once the listener is up. */
  abstract readonly port: number;
  /**
   * What we announce in N3, where it takes the place of `services`, `relay`, `port` and the height; empty in Legacy. Asked
   * for each version. With DisableCompression among them nothing is sent compressed either.
   */
  abstract readonly capabilities: readonly Capability[];
  abstract readonly height: HeightProvider;
  abstract readonly admission: PeerAdmission;
}
