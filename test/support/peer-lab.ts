import { deepStrictEqual } from 'node:assert';
import { Logger } from '@nestjs/common';
import type { Limits, NetworkDefinition, Timeouts } from '../../src/config/options.js';
import { DEFAULTS } from '../../src/config/defaults.js';
import { NETWORKS } from '../../src/config/networks.js';
import type { CallOptions } from '../../src/environment/call-options.js';
import type { Endpoint } from '../../src/environment/connection.js';
import type { HeightProvider } from '../../src/peer/behaviours/height-provider.js';
import { LocalConfig } from '../../src/peer/behaviours/local-config.js';
import type { PeerAdmission } from '../../src/peer/behaviours/peer-admission.js';
import { ConnectedPeerFactory } from '../../src/peer/connection/connected-peer-factory.js';
import { PeerRuntime } from '../../src/peer/connection/peer-runtime.js';
import { MessageDispatcher } from '../../src/peer/dispatch/message-dispatcher.js';
import type { Disconnection } from '../../src/peer/disconnection.js';
import { PeerEventBus } from '../../src/peer/events/peer-event-bus.js';
import type { Peer } from '../../src/peer/peer.js';
import { DialObserver } from '../../src/peer/records/dial-observer.js';
import { StatisticsRegistry } from '../../src/peer/statistics/statistics-registry.js';
import { TrafficStatistics, type TrafficRecorder } from '../../src/peer/statistics/traffic-recorder.js';
import { MemoryNetwork, type MemoryNetworkOptions } from '../../src/testing/memory-network.js';
import { MemoryResolver } from '../../src/testing/memory-resolver.js';
import { ScriptedPeer, type ScriptedPeerOptions } from '../../src/testing/scripted-peer.js';
import { SeededRandom } from '../../src/testing/seeded-random.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import type { Capability } from '../../src/wire/common/capability.js';
import { dialectOf, type Message } from '../../src/wire/messages.js';

/** Our nonce in every lab. */
export const OUR_NONCE = 77;
/** Our host. */
export const US = '10.0.0.1';
/** The remote's host. */
export const THEM = '10.0.0.2';

/** What a {@link PeerLab} can be told. */
export interface PeerLabOptions {
  readonly network?: NetworkDefinition;
  readonly timeouts?: Partial<Timeouts>;
  readonly limits?: Partial<Limits>;
  readonly memory?: MemoryNetworkOptions;
  readonly height?: () => number;
  readonly admit?: (peer: Peer) => boolean | Promise<boolean>;
  /** Whether payloads may be compressed. Default: true. */
  readonly compression?: boolean;
}

/** Peers on a network in memory and a clock that stands still, everything around them watched. */
export class PeerLab {
  readonly clock = new VirtualClock();
  readonly memory: MemoryNetwork;
  readonly resolver = new MemoryResolver();
  readonly events = new PeerEventBus(this.clock);
  readonly runtime: PeerRuntime;
  readonly factory: ConnectedPeerFactory;
  readonly definition: NetworkDefinition;
  /** Every peer that was run, in order. */
  readonly connected: Peer[] = [];
  /** Every remote, in order. */
  readonly remotes: ScriptedPeer[] = [];
  /** Every event but `message`, as `name` or `name reason`. */
  readonly happened: string[] = [];
  /** Every dial, as the observer was told. */
  readonly dials: string[] = [];
  /** Commands handed to handlers, in order. */
  readonly handled: string[] = [];
  /** Messages counted, as `in inv` or `out inv`, with their bytes. */
  readonly counted: { readonly what: string; readonly bytes: number }[] = [];
  /** What handlers do. */
  handle: (peer: Peer, message: Message) => Promise<void> | undefined = () => undefined;

  constructor(options: PeerLabOptions = {}) {
    Logger.overrideLogger(['error', 'warn']);
    this.definition = options.network ?? NETWORKS['legacy-local'];
    this.memory = new MemoryNetwork({ clock: this.clock, ...options.memory });
    this.runtime = new PeerRuntime({
      clock: this.clock,
      random: new SeededRandom(1),
      local: new LabConfig(this.definition, options),
      timeouts: { ...DEFAULTS.timeouts, ...options.timeouts },
      limits: { ...DEFAULTS.limits, ...options.limits },
      dispatcher: new LabDispatcher(this),
      statistics: new LabStatistics(this),
      events: this.events,
    });
    this.factory = this.#makeFactory();
    this.#listenToEvents();
  }

  /** What a scripted remote needs to speak to us. */
  script(version?: ScriptedPeerOptions['version']): ScriptedPeerOptions {
    return {
      dialect: this.definition.dialect,
      magic: this.definition.magic,
      clock: this.clock,
      ...(version && { version }),
    };
  }

  /** A remote that has dialled us and said nothing yet, and the peer it is to us. */
  async inbound(version?: ScriptedPeerOptions['version']): Promise<{ peer: Peer; remote: ScriptedPeer }> {
    const listener = await this.factory.listen({ host: US, port: 0 });
    const remote = await ScriptedPeer.connect(this.memory.transport(THEM), listener.address, this.script(version));
    this.remotes.push(remote);
    await this.settle();
    await listener.close();
    return { peer: this.connected.at(-1)!, remote };
  }

  /** A ready peer and its remote. */
  async ready(
    version: ScriptedPeerOptions['version'] = {},
  ): Promise<{ peer: Peer; remote: ScriptedPeer; closed: () => Disconnection | undefined }> {
    const { peer, remote } = await this.inbound(version);
    const shaken = remote.handshake();
    await this.clock.advance(200); // a remote that reverses reads gets its verack late
    await shaken;
    let disconnection: Disconnection | undefined;
    void peer.closed.then((end) => (disconnection = end));
    return { peer, remote, closed: () => disconnection };
  }

  /** A remote that waits for us to dial it. */
  async listening(version?: ScriptedPeerOptions['version'], host = THEM) {
    return ScriptedPeer.listen(this.memory.transport(host), { host }, this.script(version));
  }

  /** A peer we dialled, ready, and its remote. */
  async dialled(version?: ScriptedPeerOptions['version'], options?: CallOptions) {
    const listener = await this.listening(version);
    const dialling = this.factory.dial(listener.address, options);
    const remote = await listener.accepted();
    this.remotes.push(remote);
    const shaken = remote.handshake();
    await this.clock.advance(200);
    await shaken;
    await listener.close();
    return { peer: await dialling, remote };
  }

  /** Ends every peer, and fails if anything of them is left. */
  async close(): Promise<void> {
    const ended = this.connected.map((peer) => peer.disconnect());
    for (const remote of this.remotes) remote.connection.resume();
    await this.clock.advance(10_000);
    await Promise.all(ended);
    const { registry, budget } = this.runtime;
    const left = {
      timers: this.clock.pending,
      connections: this.memory.connections,
      peers: registry.peers.length,
      bytes: budget.total,
    };
    deepStrictEqual(left, { timers: 0, connections: 0, peers: 0, bytes: 0 });
  }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    for (let i = 0; i < 3; i++) await this.clock.advance(0);
  }

  /** The names of the messages counted in one direction. */
  countedIn(direction: 'in' | 'out'): string[] {
    const prefix = `${direction} `;
    return this.counted.filter(({ what }) => what.startsWith(prefix)).map(({ what }) => what.slice(prefix.length));
  }

  #makeFactory(): ConnectedPeerFactory {
    return new ConnectedPeerFactory(
      this.runtime,
      this.memory.transport(US),
      this.resolver,
      new LabObserver(this.dials),
    );
  }

  #listenToEvents(): void {
    this.events.on('connected', (peer) => {
      this.connected.push(peer);
      this.happened.push('connected');
    });
    this.events.on('ready', () => this.happened.push('ready'));
    this.events.on('stalled', (_, command) => this.happened.push(`stalled ${command}`));
    this.events.on('disconnected', (_, { reason }) => this.happened.push(`disconnected ${reason}`));
    this.events.on('refusedInbound', ({ reason }) => this.happened.push(`refusedInbound ${reason}`));
  }
}

class LabConfig extends LocalConfig {
  readonly userAgent = '/lab:1/';
  readonly nonce = OUR_NONCE;
  readonly protocolVersion = 0;
  readonly services = 1n;
  readonly relay = true;
  readonly port = 0;
  readonly height: HeightProvider;
  readonly admission: PeerAdmission;
  readonly #compression: boolean;

  constructor(
    readonly network: NetworkDefinition,
    options: PeerLabOptions,
  ) {
    super();
    this.#compression = options.compression ?? true;
    this.height = { height: options.height ?? (() => 7) };
    this.admission = { admit: options.admit ?? (() => true) };
  }

  get capabilities(): readonly Capability[] {
    const { relay, port, height } = this;
    return dialectOf(this.network.dialect).capabilities({
      relay,
      port,
      archival: false,
      compression: this.#compression,
      get height() {
        return height.height();
      },
    });
  }
}

class LabDispatcher extends MessageDispatcher {
  constructor(private readonly lab: PeerLab) {
    super();
  }

  dispatch(peer: Peer, message: Message): Promise<void> | undefined {
    this.lab.handled.push(message.command);
    return this.lab.handle(peer, message);
  }
}

class LabStatistics extends TrafficStatistics {
  readonly #registry: StatisticsRegistry;

  constructor(private readonly lab: PeerLab) {
    super();
    this.#registry = new StatisticsRegistry(lab.clock);
  }

  recorderOf(peer: Peer): TrafficRecorder {
    const recorder = this.#registry.recorderOf(peer);
    return {
      get traffic() {
        return recorder.traffic;
      },
      received: (command, bytes) => {
        this.lab.counted.push({ what: `in ${command}`, bytes });
        recorder.received(command, bytes);
      },
      sent: (command, bytes) => {
        this.lab.counted.push({ what: `out ${command}`, bytes });
        recorder.sent(command, bytes);
      },
    };
  }
}

class LabObserver extends DialObserver {
  constructor(private readonly dials: string[]) {
    super();
  }

  attempted({ host }: Endpoint): void {
    this.dials.push(`attempted ${host}`);
  }

  connected({ host }: Endpoint): void {
    this.dials.push(`connected ${host}`);
  }

  succeeded({ host }: Endpoint): void {
    this.dials.push(`succeeded ${host}`);
  }

  failed({ host }: Endpoint, { code }: { readonly code: string }): void {
    this.dials.push(`failed ${host} ${code}`);
  }
}
