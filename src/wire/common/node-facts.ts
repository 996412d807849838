import type { Capability } from './capability.js';

/**
 * What we say of ourselves in a version message.
 *
 * @publicApi
 */
export interface LocalFacts {
  /** What we announce. Read in N3 only, where it takes the place of `services`, `relay`, `port` and `height`. */
  readonly capabilities: readonly Capability[];
  readonly protocolVersion: number;
  readonly services: bigint;
  readonly nonce: number;
  readonly userAgent: string;
  readonly relay: boolean;
  /** TCP port that others may dial; 0 = none. */
  readonly port: number;
  /** Our block height. */
  readonly height: number;
  /** Now, milliseconds since 1970. */
  readonly nowMs: number;
}

/**
 * What a dialect needs to know of us to say what we can do.
 *
 * @publicApi
 */
export interface CapabilityFacts {
  /** Whether we want announcements. */
  readonly relay: boolean;
  /** Whether we keep every block. */
  readonly archival: boolean;
  /** Whether payloads may be compressed. */
  readonly compression: boolean;
  /** TCP port that others may dial; 0 = none. */
  readonly port: number;
  /** Our block height. */
  readonly height: number;
}

/**
 * What a remote said of itself in its version message, in common terms.
 *
 * @publicApi
 */
export interface RemoteFacts {
  readonly protocolVersion: number;
  /** N3 has no such field: there it is 1 for whoever announces FullNode, else 0. */
  readonly services: bigint;
  /** Empty in Legacy. */
  readonly capabilities: readonly Capability[];
  /** Whether it may be sent compressed payloads. */
  readonly acceptsCompression: boolean;
  readonly nonce: number;
  readonly userAgent: string;
  readonly relay: boolean;
  readonly port: number;
  /** 0 where it told none. */
  readonly height: number;
  /** Whether it told a height: in N3 only who announces FullNode does. */
  readonly tellsHeight: boolean;
}
