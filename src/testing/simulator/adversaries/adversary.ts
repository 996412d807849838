import type { NetworkDefinition } from '../../../config/options.js';
import type { Connection } from '../../../environment/connection.js';
import type { Clock } from '../../../environment/clock.js';
import { NeoPeerError } from '../../../wire/primitives/neo-peer.error.js';
import type { MemoryNetwork } from '../../memory-network.js';
import { SeededRandom } from '../../seeded-random.js';
import { derivedSeed } from '../derived-seed.js';
import { NodeClock } from '../node-clock.js';
import type { SimulatedNode } from '../simulated-node.js';
import type { AdversaryKind } from './adversary-kind.js';
import { AdversarySession } from './adversary-session.js';
import { Conduct } from './conduct.js';
import { conductOf } from './conduct-of.js';
import { AddressSupply, type ToldAddresses } from './told-addresses.js';

/** How long a dial may take, milliseconds. */
const DIAL_TIMEOUT_MS = 10_000;

/**
 * Who shall be in the way of the nodes, and how.
 *
 * @publicApi
 */
export interface AdversaryOptions {
  /** One of the scripts there are, or one's own. */
  readonly conduct: AdversaryKind | Conduct;
  /** IP addresses in its hands. @default one, in a /24 of its own */
  readonly hosts?: readonly string[];
  /** Whether nodes can dial its hosts, at the usual port. @default true */
  readonly listens?: boolean;
  /** How many connections to nodes it keeps up, from its hosts in turn. 0: it only waits to be dialled. @default 4 */
  readonly connections?: number;
  /** How many dials it begins a second while it has fewer. @default 1 */
  readonly dialsPerSecond?: number;
  /** The nodes that it dials, by number. @default all */
  readonly targets?: readonly number[];
  /** Which addresses it tells, if its conduct tells any. @default 'own' */
  readonly tells?: ToldAddresses;
}

/** What an {@link Adversary} works with. */
export interface AdversaryParts {
  /** Tells it from others. */
  readonly ordinal: number;
  readonly seed: number;
  readonly definition: NetworkDefinition;
  readonly clock: Clock;
  readonly network: MemoryNetwork;
  readonly nodes: readonly SimulatedNode[];
}

/**
 * Somebody in a `Simulator` who isn't a node of ours: one hand, with as many hosts as it likes.
 *
 * @publicApi
 */
export class Adversary {
  /** IP addresses in its hands. */
  readonly hosts: readonly string[];
  readonly #options: AdversaryOptions;
  readonly #parts: AdversaryParts;
  readonly #conduct: Conduct;
  readonly #clock: NodeClock;
  readonly #random: SeededRandom;
  readonly #sessions = new Set<AdversarySession>();
  #dialled = 0;
  #turn = 0;
  #made = 0;
  #isStopped = false;

  /** @internal */
  constructor(options: AdversaryOptions, parts: AdversaryParts) {
    const { conduct, hosts = [hostOfAdversary(parts.ordinal)], tells = 'own' } = options;
    this.hosts = hosts;
    this.#options = options;
    this.#parts = parts;
    this.#clock = new NodeClock(parts.clock);
    this.#random = new SeededRandom(derivedSeed(parts.seed, `adversary ${parts.ordinal}`));
    const supply = new AddressSupply(tells);
    this.#conduct = conduct instanceof Conduct ? conduct : conductOf(conduct, (session) => supply.next(session));
  }

  /** Connections it has now. */
  get connections(): number {
    return this.#sessions.size;
  }

  /** Connections it has had, those it has now included. */
  get made(): number {
    return this.#made;
  }

  /** @internal */
  async start(): Promise<void> {
    const { network, definition } = this.#parts;
    const { listens = true, connections = 4, dialsPerSecond = 1 } = this.#options;
    if (listens) {
      for (const host of this.hosts) {
        await network.transport(host).listen({ port: definition.port }, (connection) => this.#meet(connection, false));
      }
    }
    if (connections === 0) return;
    const timer = this.#clock.setTimeout(() => {
      timer.refresh();
      if (this.#dialled < connections) void this.#dial();
    }, 1000 / dialsPerSecond);
  }

  /** Hangs up everywhere, and is gone. */
  stop(): void {
    this.#isStopped = true;
    this.#clock.die();
    for (const session of this.#sessions) session.close();
    for (const host of this.hosts) this.#parts.network.crash(host);
  }

  async #dial(): Promise<void> {
    const { network } = this.#parts;
    const target = this.#target();
    if (target === undefined) return;
    const host = this.hosts[this.#turn++ % this.hosts.length]!;
    this.#dialled++;
    try {
      this.#meet(await network.transport(host).connect(target.address, { timeoutMs: DIAL_TIMEOUT_MS }), true);
    } catch (error) {
      this.#dialled--;
      if (!(error instanceof NeoPeerError)) throw error;
    }
  }

  #target(): SimulatedNode | undefined {
    const { nodes } = this.#parts;
    const { targets } = this.#options;
    if (targets === undefined) return nodes.length === 0 ? undefined : nodes[this.#random.integer(nodes.length)];
    return targets.length === 0 ? undefined : nodes[targets[this.#random.integer(targets.length)]!];
  }

  #meet(connection: Connection, isDialled: boolean): void {
    if (this.#isStopped) return connection.destroy();
    const { definition, seed } = this.#parts;
    const { listens = true } = this.#options;
    this.#made++;
    const session = new AdversarySession(connection, {
      conduct: this.#conduct,
      clock: this.#clock,
      random: this.#random,
      definition,
      isDialled,
      hosts: this.hosts,
      port: listens ? definition.port : 0,
      nonce: derivedSeed(seed, `nonce ${connection.localAddress.host}`),
      over: (ended) => {
        this.#sessions.delete(ended);
        if (isDialled) this.#dialled--;
      },
    });
    if (!session.isOver) this.#sessions.add(session);
  }
}

/** Each in a /24 of its own, which are public ones and none of the nodes'. */
function hostOfAdversary(ordinal: number): string {
  return `66.${(ordinal >> 8) & 0xff}.${ordinal & 0xff}.1`;
}
