import type { Endpoint } from '../../environment/connection.js';
import type { NetworkDefinition } from '../../config/options.js';
import { formatAddress } from '../../environment/address.js';
import type { PeerEventMap } from '../../peer/events/peer-events.js';
import { ConditionNotMetError } from '../condition-not-met.error.js';
import { MemoryNetwork } from '../memory-network.js';
import { MemoryResolver } from '../memory-resolver.js';
import { VirtualClock } from '../virtual-clock.js';
import { Adversary, type AdversaryOptions } from './adversaries/adversary.js';
import { derivedSeed } from './derived-seed.js';
import { NodeRun, type Surroundings } from './node-run.js';
import { NodeStateError } from './node-state.error.js';
import { SimulatedNode } from './simulated-node.js';
import type { SimulatedPeerOptions, SimulatorOptions } from './simulator-options.js';
import { WorldEvents } from './world-events.js';

/** What networks that are given by their protocol alone call themselves, and where their nodes listen. */
const SIMULATED = Object.freeze({ name: 'simulated', magic: 0x5717_0001, port: 10333 });

/** A node that stops in good order has drained and closed by then, milliseconds: twice the default of `timeouts.drainMs`. */
const STOPPED_AFTER_MS = 60_000;

/** How often a condition is looked at, virtual milliseconds, unless the caller says otherwise. */
const LOOK_EVERY_MS = 1000;

/**
 * A world of many nodes, each a real application with `PeerModule`, on a network in memory with a clock that stands still
 * until it is told to go on. Everything that happens in it follows from one seed: the same seed gives the same world.
 *
 * ```ts
 * const world = await Simulator.create({ seed: 7, nodes: 20 });
 * await world.until(() => world.nodes.every(({ pool }) => pool.status().outbound.ready === 8), 60_000);
 * await world.crash(3);
 * await world.run(60_000);
 * await world.restart(3);
 * await world.close();
 * ```
 *
 * @publicApi
 */
export class Simulator {
  /** The time of all nodes. */
  readonly clock: VirtualClock;
  /** The network of all nodes. For what this class has no method for: slow readers, half-open connections, … */
  readonly network: MemoryNetwork;
  /** Names that nodes can dial. */
  readonly resolver: MemoryResolver;
  /** What the nodes are nodes of. */
  readonly definition: NetworkDefinition;
  readonly #options: SimulatorOptions;
  readonly #events: WorldEvents;
  readonly #around: Surroundings;
  readonly #nodes: SimulatedNode[] = [];
  readonly #peerOptions = new Map<SimulatedNode, SimulatedPeerOptions>();
  readonly #adversaries: Adversary[] = [];

  private constructor(options: SimulatorOptions) {
    const { seed } = options;
    this.#options = options;
    this.clock = new VirtualClock();
    this.network = new MemoryNetwork({
      latencyMs: 20,
      latencySpreadMs: 80,
      jitterMs: 5,
      unknownHosts: 'silent',
      ...options,
      seed: derivedSeed(seed, 'network'),
      clock: this.clock,
    });
    this.resolver = new MemoryResolver();
    this.definition = definitionOf(options);
    this.#events = new WorldEvents(this.clock);
    this.#around = {
      seed,
      definition: this.definition,
      clock: this.clock,
      network: this.network,
      resolver: this.resolver,
      events: this.#events,
      logger: options.logger ?? false,
    };
  }

  /**
   * Makes the world and starts its nodes, all at the same moment of its time.
   *
   * @throws OptionsError for options that `PeerModule` doesn't take
   */
  static async create(options: SimulatorOptions): Promise<Simulator> {
    const world = new Simulator(options);
    for (let i = 0; i < options.nodes; i++) await world.addNode();
    return world;
  }

  /** All nodes, those that are down included. */
  get nodes(): readonly SimulatedNode[] {
    return this.#nodes;
  }

  /** A node. @throws RangeError when there is none of that number */
  node(index: number): SimulatedNode {
    const node = this.#nodes[index];
    if (node === undefined) throw new RangeError(`there are nodes 0 to ${this.#nodes.length - 1}, not ${index}`);
    return node;
  }

  /** Virtual milliseconds since the world was made. */
  get elapsedMs(): number {
    return this.clock.monotonic();
  }

  /** Of all that has happened so far, at every node, in order. Worlds with the same digest went the same way. */
  digest(): string {
    return this.#events.digest();
  }

  /**
   * Calls `listener` at every such event of any node, whenever it was started. What it throws makes the next {@link run} or
   * {@link until} reject.
   *
   * @returns the off switch
   */
  on<K extends keyof PeerEventMap>(
    event: K,
    listener: (node: SimulatedNode, ...args: PeerEventMap[K]) => void,
  ): () => void {
    return this.#events.on(event, listener);
  }

  /** Lets so many virtual milliseconds go by. @throws what a listener of {@link on} has thrown */
  async run(ms: number): Promise<void> {
    await this.clock.advance(ms);
    this.#events.rethrow();
  }

  /**
   * Lets time go by until something is true.
   *
   * @param options `everyMs`: how often it is looked at, virtual milliseconds. Default 1000
   * @returns how long it took, virtual milliseconds
   * @throws ConditionNotMetError when `limitMs` virtual milliseconds went by without it
   */
  async until(
    condition: () => boolean,
    limitMs: number,
    { everyMs = LOOK_EVERY_MS }: { readonly everyMs?: number } = {},
  ): Promise<number> {
    const beganAt = this.elapsedMs;
    while (!condition()) {
      const leftMs = beganAt + limitMs - this.elapsedMs;
      if (leftMs <= 0) throw new ConditionNotMetError(limitMs, condition.toString());
      await this.run(Math.min(everyMs, leftMs));
    }
    return this.elapsedMs - beganAt;
  }

  /** Starts one more node. @param options default those of the world for its number */
  async addNode(options?: SimulatedPeerOptions): Promise<SimulatedNode> {
    const index = this.#nodes.length;
    const { peer = {}, hostOf = hostOfNode } = this.#options;
    const node = new SimulatedNode(index, { host: hostOf(index), port: this.definition.port });
    this.#nodes.push(node);
    this.#peerOptions.set(node, options ?? (typeof peer === 'function' ? peer(index) : peer));
    await this.#start(node);
    return node;
  }

  /** Starts somebody who means ill, or anybody else who isn't a node of ours. */
  async addAdversary(options: AdversaryOptions): Promise<Adversary> {
    const adversary = new Adversary(options, {
      ordinal: this.#adversaries.length,
      seed: this.#around.seed,
      definition: this.definition,
      clock: this.clock,
      network: this.network,
      nodes: this.#nodes,
    });
    this.#adversaries.push(adversary);
    await adversary.start();
    return adversary;
  }

  /** Stops a node in good order: it drains, saves, and closes its connections. @throws NodeStateError when it is down */
  async stop(index: number): Promise<void> {
    const node = this.#running(index);
    await this.#withTime(node.run!.stop());
    node.run = undefined;
    this.#events.note(`${index} stopped`);
    this.#events.rethrow();
  }

  /**
   * The process of a node dies: no shutdown hooks, and what was not saved is lost. Its system ends its connections.
   *
   * @throws NodeStateError when it is down
   */
  async crash(index: number): Promise<void> {
    this.network.crash(this.#die(index).host);
    this.#events.note(`${index} crashed`);
    await this.run(0);
  }

  /**
   * A node is gone without a word, as at a power cut: the others' connections to it stay half-open, and whoever dials it gets no
   * answer. What was not saved is lost.
   *
   * @throws NodeStateError when it is down
   */
  async vanish(index: number): Promise<void> {
    this.network.vanish(this.#die(index).host);
    this.#events.note(`${index} vanished`);
    await this.run(0);
  }

  /** Starts a node again, with the store it had. @throws NodeStateError when it is up */
  async restart(index: number): Promise<void> {
    const node = this.node(index);
    if (node.isUp) throw new NodeStateError(index, 'up');
    this.network.appear(node.host);
    await this.#start(node);
  }

  /**
   * Cuts the network into these groups of nodes, and one more of all others, adversaries included. Between groups nothing is
   * delivered, and neither side is told. Replaces an earlier partition.
   */
  partition(...groups: readonly (readonly number[])[]): void {
    this.network.partition(...groups.map((indexes) => indexes.map((index) => this.node(index).host)));
    this.#events.note(`partition ${JSON.stringify(groups)}`);
  }

  /** Ends the partition. */
  heal(): void {
    this.partition();
  }

  /** Stops everybody in good order. Nothing is left then: no timer, no connection. */
  async close(): Promise<void> {
    for (const adversary of this.#adversaries) adversary.stop();
    const running = this.#nodes.filter(({ isUp }) => isUp);
    await this.#withTime(Promise.all(running.map(({ run }) => run!.stop())));
    for (const node of running) node.run = undefined;
    // What is still on its way arrives, and so does what the systems of those who are gone answer to it.
    await this.run(2 * this.network.longestTravelMs);
  }

  async #start(node: SimulatedNode): Promise<void> {
    node.run = await NodeRun.start(node, this.#peerOptions.get(node)!, this.#around);
    this.#events.note(`${node.index} started`);
  }

  #running(index: number): SimulatedNode {
    const node = this.node(index);
    if (!node.isUp) throw new NodeStateError(index, 'down');
    return node;
  }

  #die(index: number): Endpoint {
    const node = this.#running(index);
    node.run!.die();
    node.run = undefined;
    return node.address;
  }

  /** Lets time go by until something is done that needs it. */
  async #withTime(work: Promise<unknown>): Promise<void> {
    let isDone = false;
    const done = work.finally(() => (isDone = true));
    done.catch(() => undefined); // it is awaited below
    await this.clock.until(() => isDone, STOPPED_AFTER_MS);
    await done;
  }
}

/** Each is a group of its own: /24s from 20.0.0.0 on, which are public ones. */
function hostOfNode(index: number): string {
  return `20.${(index >> 8) & 0xff}.${index & 0xff}.1`;
}

function definitionOf({ network = 'n3', seeds = 1, nodes, hostOf = hostOfNode }: SimulatorOptions): NetworkDefinition {
  const given = typeof network === 'string' ? { ...SIMULATED, dialect: network } : network;
  const { port } = given;
  const first = typeof seeds === 'number' ? Math.min(seeds, nodes) : 0;
  const own = Array.from({ length: first }, (_, i) => formatAddress({ host: hostOf(i), port }));
  return { ...given, seeds: typeof seeds === 'number' ? own : seeds };
}
