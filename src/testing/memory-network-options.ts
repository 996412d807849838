import type { Clock } from '../environment/clock.js';

/**
 * What lies between two hosts of a `MemoryNetwork`.
 *
 * @publicApi
 */
export interface LinkConditions {
  /** How long everything travels, one way, milliseconds. 0: delivered in a microtask. @default 0 */
  readonly latencyMs?: number;
  /**
   * How much longer the way may be between two hosts, milliseconds: each pair has a time of its own between them, always the
   * same, which follows from the seed and the two names. @default 0
   */
  readonly latencySpreadMs?: number;
  /** How much longer the journey may take, milliseconds, anew for each chunk. What was sent first still arrives first. @default 0 */
  readonly jitterMs?: number;
  /**
   * The chance, 0 to 1, that an attempt to connect fails, and the same for each chunk: instead of delivering it the network
   * breaks the connection on both sides. (Streams are reliable, so a lost packet alone would not be noticed.) @default 0
   */
  readonly loss?: number;
}

/**
 * Options of a `MemoryNetwork`.
 *
 * @publicApi
 */
export interface MemoryNetworkOptions extends LinkConditions {
  /** Decides what is lost, and how long things travel. @default 1 */
  readonly seed?: number;
  /** What latency and `timeoutMs` are measured with. Give the test's `VirtualClock`. @default the system's clock */
  readonly clock?: Clock;
  /** Bytes a connection takes beyond what the other side has read, before `write` has to wait. @default 65536 */
  readonly windowBytes?: number;
  /** What comes of dialling a host that nobody has asked a transport for. @default 'refused' */
  readonly unknownHosts?: Exclude<ConnectAnswer, 'normal'>;
}

/**
 * What a host of a `MemoryNetwork` does with those who connect:
 * - `normal`: whoever listens there gets the connection; where nobody does, they are refused
 * - `refused`: they are told at once that nothing listens
 * - `silent`: they are told nothing, as behind a firewall that drops; they wait until their own time is over, at most as long
 *   as Linux does
 *
 * @publicApi
 */
export const ConnectAnswer = Object.freeze({ normal: 'normal', refused: 'refused', silent: 'silent' } as const);

/** @publicApi */
export type ConnectAnswer = keyof typeof ConnectAnswer;
