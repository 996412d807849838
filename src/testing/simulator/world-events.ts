import { createHash } from 'node:crypto';
import type { Clock } from '../../environment/clock.js';
import { formatAddress } from '../../environment/address.js';
import type { PeerEventMap, PeerEvents } from '../../peer/events/peer-events.js';
import type { Peer } from '../../peer/peer.js';
import type { SimulatedNode } from './simulated-node.js';

/** Every event, with what of it goes into the digest. */
const DETAILS: { readonly [K in keyof PeerEventMap]: (...args: PeerEventMap[K]) => string } = Object.freeze({
  connected: where,
  ready: where,
  message: (peer, { command, size }) => `${where(peer)} ${command} ${size}`,
  stalled: (peer, command) => `${where(peer)} ${command}`,
  disconnected: (peer, { reason, by }) => `${where(peer)} ${reason} ${by}`,
  refusedInbound: ({ host, reason }) => `${host} ${reason}`,
  starved: nothing,
  healed: nothing,
  banned: ({ subject, reason, untilMs }) => `${subject} ${reason} ${untilMs}`,
  unbanned: ({ subject }) => subject,
  banBrake: ({ share }) => String(share),
  evicted: where,
  storeFailed: ({ problem }) => problem,
  storeRecovered: nothing,
});

const EVENTS = Object.freeze(Object.keys(DETAILS) as (keyof PeerEventMap)[]);

/** Of which event it is says where it is kept. */
type Listener = (node: SimulatedNode, ...args: unknown[]) => void;

/**
 * What happens at all nodes, in the order in which it does.
 *
 * @internal
 */
export class WorldEvents {
  readonly #clock: Clock;
  readonly #hash = createHash('sha256');
  readonly #listeners = new Map<keyof PeerEventMap, Set<Listener>>();
  readonly #failures: unknown[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Hears everything that one run of a node tells. */
  hear(node: SimulatedNode, events: PeerEvents): void {
    for (const event of EVENTS) this.#hear(event, node, events);
  }

  /** @returns the off switch */
  on<K extends keyof PeerEventMap>(
    event: K,
    listener: (node: SimulatedNode, ...args: PeerEventMap[K]) => void,
  ): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    const registered: Listener = (node, ...args) => listener(node, ...(args as PeerEventMap[K]));
    listeners.add(registered);
    return () => void listeners.delete(registered);
  }

  /** Takes note of something that no node tells. */
  note(what: string): void {
    this.#hash.update(`${this.#clock.monotonic()} ${what}\n`);
  }

  /** Of everything so far: hex of a SHA-256. */
  digest(): string {
    return this.#hash.copy().digest('hex');
  }

  /** What a listener threw, which a node would only have logged. @throws the first of it, once */
  rethrow(): void {
    if (this.#failures.length === 0) return;
    const [first] = this.#failures.splice(0);
    throw first;
  }

  #hear(event: keyof PeerEventMap, node: SimulatedNode, events: PeerEvents): void {
    const detail = DETAILS[event] as (...args: unknown[]) => string;
    events.on(event, (...args: unknown[]) => {
      this.note(`${node.index} ${event} ${detail(...args)}`);
      for (const listener of Array.from(this.#listeners.get(event) ?? [])) this.#tell(listener, node, args);
    });
  }

  #tell(listener: Listener, node: SimulatedNode, args: readonly unknown[]): void {
    try {
      listener(node, ...args);
    } catch (error) {
      this.#failures.push(error);
    }
  }
}

function where({ direction, remoteAddress }: Peer): string {
  return `${direction} ${formatAddress(remoteAddress)}`;
}

function nothing(): string {
  return '';
}
