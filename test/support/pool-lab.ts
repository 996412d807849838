import { deepStrictEqual } from 'node:assert';
import type { Provider } from '@nestjs/common';
import { Test, type TestingModule, type TestingModuleBuilder } from '@nestjs/testing';
import type { NetworkDefinition, PeerOptions } from '../../src/config/options.js';
import type { PoolOptions } from '../../src/config/pool-options.js';
import { formatAddress, parseAddress } from '../../src/environment/address.js';
import type { CallOptions } from '../../src/environment/call-options.js';
import { Clock } from '../../src/environment/clock.js';
import type { Connection, Endpoint, PeerListener } from '../../src/environment/connection.js';
import { RandomSource } from '../../src/environment/random-source.js';
import { Resolver } from '../../src/environment/resolver.js';
import { Transport } from '../../src/environment/transport.js';
import { PeerEventBus } from '../../src/peer/events/peer-event-bus.js';
import { PeerFactory } from '../../src/peer/peer-factory.js';
import type { Peer } from '../../src/peer/peer.js';
import { PeerRecords } from '../../src/peer/records/peer-records.js';
import type { PeerModuleExtras } from '../../src/peer-module.options.js';
import { PeerModule } from '../../src/peer.module.js';
import { MemoryPeerStore } from '../../src/persistence/memory-peer-store.js';
import { PeerStore } from '../../src/persistence/peer-store.js';
import { PeerPool } from '../../src/pool/peer-pool.js';
import { PoolCore } from '../../src/pool/pool-core.js';
import { PoolKeeper } from '../../src/pool/pool-keeper.js';
import {
  MemoryNetwork,
  MemoryResolver,
  ScriptedPeer,
  SeededRandom,
  ScriptError,
  VirtualClock,
  type MemoryNetworkOptions,
  type ScriptedListener,
  type ScriptedPeerOptions,
} from '../../src/testing/index.js';
import { N3_KIT, type DialectKit } from './dialect-kit.js';
import { RecordingLogger } from './recording-logger.js';

/** Our host, a public one. */
export const OUR_HOST = '20.0.0.1';
/** The port at which everybody listens. */
export const PORT = 10_333;

/** What a {@link PoolLab} can be told. */
export interface PoolLabOptions {
  /** Default: N3. */
  readonly kit?: DialectKit;
  /** Default: outbound 0, no feelers, so that nothing happens by itself. */
  readonly pool?: PoolOptions;
  /** `host:port`. Default: none. */
  readonly seeds?: readonly string[];
  /** Default: one in memory. */
  readonly store?: PeerStore;
  readonly persistence?: PeerOptions['persistence'];
  readonly options?: Partial<PeerOptions & PeerModuleExtras>;
  readonly host?: string;
  readonly nonce?: number;
  readonly random?: RandomSource;
  /** What an earlier lab was made in: its time goes on, and so does its network. */
  readonly world?: PoolWorld;
  readonly providers?: Provider[];
  readonly override?: (builder: TestingModuleBuilder) => TestingModuleBuilder;
}

/** Time, network and names: what outlives a restart. */
export class PoolWorld {
  readonly clock = new VirtualClock();
  readonly memory: MemoryNetwork;
  readonly resolver = new MemoryResolver();

  constructor(readonly options: Omit<MemoryNetworkOptions, 'clock'> = {}) {
    this.memory = new MemoryNetwork({ clock: this.clock, ...options });
  }
}

/** A dial of ours. */
export interface Dial {
  /** `host:port`, names resolved. */
  readonly to: string;
  /** Milliseconds since the clock was made. */
  readonly atMs: number;
}

/** A module with a pool, alone in a network of scripted nodes, on a clock that stands still. */
export class PoolLab {
  readonly logger = new RecordingLogger();
  /** Every connection that was tried, in order. */
  readonly dials: Dial[] = [];
  /** Events of the pool, in order, as `name what`. */
  readonly happened: string[] = [];
  readonly nodes: LabNode[] = [];
  readonly remotes: ScriptedPeer[] = [];
  #module: TestingModule | undefined;

  private constructor(
    readonly world: PoolWorld,
    readonly kit: DialectKit,
    readonly store: PeerStore,
    readonly host: string,
  ) {}

  /** Everything that starts has started. */
  static async start(given: PoolLabOptions = {}): Promise<PoolLab> {
    const lab = await PoolLab.compile(given);
    await lab.module.init();
    await lab.settle();
    return lab;
  }

  /** Made, but not started. */
  static async compile(given: PoolLabOptions = {}): Promise<PoolLab> {
    const { kit = N3_KIT, world = new PoolWorld(), host = OUR_HOST } = given;
    const lab = new PoolLab(world, kit, given.store ?? new MemoryPeerStore(), host);
    const network: NetworkDefinition = { ...kit.network, seeds: given.seeds ?? [] };
    const module = PeerModule.forRoot({
      network,
      listen: { host, port: PORT },
      persistence: given.persistence ?? { dataSource: false },
      pool: { outbound: 0, feelerMs: 0, ...given.pool },
      ...(given.nonce !== undefined && { nonce: given.nonce }),
      ...given.options,
    });
    const { override = (builder) => builder } = given;
    let builder = Test.createTestingModule({ imports: [module], providers: given.providers ?? [] })
      .setLogger(lab.logger)
      .overrideProvider(Clock)
      .useValue(world.clock)
      .overrideProvider(Transport)
      .useValue(new NotingTransport(lab))
      .overrideProvider(Resolver)
      .useValue(world.resolver)
      .overrideProvider(RandomSource)
      .useValue(given.random ?? new SeededRandom(1));
    if (given.persistence === undefined) builder = builder.overrideProvider(PeerStore).useValue(lab.store);
    lab.#module = await override(builder).compile();
    lab.#listenToEvents();
    return lab;
  }

  get module(): TestingModule {
    return this.#module!;
  }

  get clock(): VirtualClock {
    return this.world.clock;
  }

  get memory(): MemoryNetwork {
    return this.world.memory;
  }

  get resolver(): MemoryResolver {
    return this.world.resolver;
  }

  get pool(): PeerPool {
    return this.module.get(PeerPool);
  }

  get core(): PoolCore {
    return this.module.get(PoolCore);
  }

  get keeper(): PoolKeeper {
    return this.module.get(PoolKeeper);
  }

  get events(): PeerEventBus {
    return this.module.get(PeerEventBus);
  }

  get records(): PeerRecords {
    return this.module.get(PeerRecords);
  }

  get factory(): PeerFactory {
    return this.module.get(PeerFactory);
  }

  /** What a scripted remote needs to speak to us. */
  script(version?: ScriptedPeerOptions['version']): ScriptedPeerOptions {
    const { name: dialect, network } = this.kit;
    return { dialect, magic: network.magic, clock: this.clock, ...(version && { version }) };
  }

  /** A node that does its half of the handshake with whoever dials it. @param address `host:port` */
  async node(address: string, version?: ScriptedPeerOptions['version']): Promise<LabNode> {
    const node = new LabNode(this, parseAddress(address)!, version);
    this.nodes.push(node);
    await node.up();
    return node;
  }

  /** Nodes at these hosts, all at the usual port. */
  nodesAt(hosts: readonly string[]): Promise<LabNode[]> {
    return Promise.all(hosts.map((host) => this.node(`${host}:${PORT}`)));
  }

  /** A node that accepts whoever dials it, and never says anything. @param address `host:port` */
  async mute(address: string): Promise<LabNode> {
    const node = new LabNode(this, parseAddress(address)!, undefined, true);
    this.nodes.push(node);
    await node.up();
    return node;
  }

  /** A remote that has connected to us, and said nothing yet. */
  async connect(host: string, version?: ScriptedPeerOptions['version']): Promise<ScriptedPeer> {
    const transport = this.memory.transport(host);
    const remote = await ScriptedPeer.connect(transport, { host: this.host, port: PORT }, this.script(version));
    this.remotes.push(remote);
    await this.settle();
    return remote;
  }

  /** A remote that has connected to us and is ready, and the peer it is to us. */
  async inbound(
    host: string,
    version?: ScriptedPeerOptions['version'],
  ): Promise<{ readonly peer: Peer; readonly remote: ScriptedPeer }> {
    const remote = await this.connect(host, version);
    const shaken = remote.handshake();
    await this.settle();
    await shaken;
    await this.settle();
    return { peer: this.peerOf(remote), remote };
  }

  /** The peer that a remote is to us, which must be ready. */
  peerOf(remote: ScriptedPeer): Peer {
    const { localAddress } = remote.connection;
    const peer = this.pool
      .peers()
      .find(({ remoteAddress }) => formatAddress(remoteAddress) === formatAddress(localAddress));
    if (peer === undefined) throw new TypeError(`no ready peer at ${formatAddress(localAddress)}`);
    return peer;
  }

  /** Hosts of ready peers that we dialled, sorted. */
  get outboundHosts(): string[] {
    return this.pool
      .peers()
      .filter(({ direction }) => direction === 'outbound')
      .map(({ remoteAddress }) => remoteAddress.host)
      .toSorted();
  }

  /** When we tried to connect to an address, milliseconds since the clock was made. */
  dialsTo(address: string): number[] {
    return this.dials.filter(({ to }) => to === address).map(({ atMs }) => atMs);
  }

  /** Addresses that gossip told of. @param address `host:port` */
  learn(...addresses: string[]): void {
    for (const address of addresses) this.records.learn(parseAddress(address)!, '30.0.0.1');
  }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    for (let i = 0; i < 3; i++) await this.clock.advance(0);
  }

  /** Ends the module, as at a restart: the nodes stay. */
  async stop(): Promise<void> {
    for (const remote of this.#allRemotes()) remote.connection.resume();
    const closing = this.module.close();
    let closed = false;
    const done = closing.finally(() => (closed = true));
    await this.clock.until(() => closed, 20_000);
    await done;
  }

  /** Ends the module and the nodes, and fails if anything is left. */
  async close(): Promise<void> {
    await this.stop();
    await this.leave();
    const { clock, memory } = this;
    await clock.advance(4 * (this.world.options.latencyMs ?? 0));
    await this.settle();
    const left = { timers: clock.pending, connections: memory.connections, listeners: memory.listeners };
    deepStrictEqual(left, { timers: 0, connections: 0, listeners: 0 });
  }

  /** Ends the nodes alone. */
  async leave(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.down()));
    for (const remote of this.#allRemotes()) remote.connection.destroy();
  }

  #allRemotes(): ScriptedPeer[] {
    return [...this.remotes, ...this.nodes.flatMap(({ remotes }) => remotes)];
  }

  #listenToEvents(): void {
    const { events, happened } = this;
    events.on('starved', () => happened.push('starved'));
    events.on('healed', () => happened.push('healed'));
    events.on('banned', ({ subject, reason }) => happened.push(`banned ${subject} ${reason}`));
    events.on('unbanned', ({ subject }) => happened.push(`unbanned ${subject}`));
    events.on('banBrake', ({ share }) => happened.push(`banBrake ${share.toFixed(2)}`));
    events.on('refusedInbound', ({ host, reason }) => happened.push(`refusedInbound ${host} ${reason}`));
    events.on('evicted', ({ remoteAddress }) => happened.push(`evicted ${remoteAddress.host}`));
    events.on('disconnected', ({ remoteAddress }, { reason }) =>
      happened.push(`disconnected ${remoteAddress.host} ${reason}`),
    );
  }
}

/** A node that others dial. */
export class LabNode {
  /** Whoever dialled it, in order. */
  readonly remotes: ScriptedPeer[] = [];
  #listener: ScriptedListener<ScriptedPeer> | undefined;

  constructor(
    private readonly lab: PoolLab,
    readonly address: Endpoint,
    private readonly version: ScriptedPeerOptions['version'],
    private readonly isMute = false,
  ) {}

  /** Begins to listen. */
  async up(): Promise<void> {
    const { host, port } = this.address;
    const script = this.lab.script({ port, ...this.version });
    this.#listener = await ScriptedPeer.listen(this.lab.memory.transport(host), { host, port }, script);
    void this.#serve(this.#listener);
  }

  /** Listens no more; connections stay. */
  async down(): Promise<void> {
    await this.#listener?.close();
    this.#listener = undefined;
  }

  /** Listens no more, and drops its connections. */
  async crash(): Promise<void> {
    await this.down();
    for (const remote of this.remotes) remote.connection.destroy();
  }

  /** Who dialled it last. */
  get remote(): ScriptedPeer {
    const remote = this.remotes.at(-1);
    if (remote === undefined) throw new TypeError('nobody has dialled');
    return remote;
  }

  async #serve(listener: ScriptedListener<ScriptedPeer>): Promise<void> {
    try {
      for (;;) {
        const remote = await listener.accepted();
        this.remotes.push(remote);
        if (!this.isMute) remote.handshake().catch(ended);
      }
    } catch (error) {
      ended(error);
    }
  }
}

/** The end of a connection or a listener ends what is scripted. */
function ended(error: unknown): void {
  if (!(error instanceof ScriptError)) throw error;
}

class NotingTransport extends Transport {
  readonly #inner: Transport;

  constructor(private readonly lab: PoolLab) {
    super();
    this.#inner = lab.memory.transport(lab.host);
  }

  override connect(address: Endpoint, options: CallOptions): Promise<Connection> {
    this.lab.dials.push({ to: formatAddress(address), atMs: this.lab.clock.monotonic() });
    return this.#inner.connect(address, options);
  }

  override listen(on: { readonly host?: string; readonly port: number }, accept: (connection: Connection) => void) {
    return this.#inner.listen(on, accept) satisfies Promise<PeerListener>;
  }
}
