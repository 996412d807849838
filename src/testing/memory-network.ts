import type { CallOptions } from '../environment/call-options.js';
import { formatAddress } from '../environment/address.js';
import type { Clock } from '../environment/clock.js';
import type { Connection, Endpoint, PeerListener } from '../environment/connection.js';
import { DialError } from '../environment/dial.error.js';
import { ListenError } from '../environment/listen.error.js';
import { SystemClock } from '../environment/system-clock.js';
import { Transport } from '../environment/transport.js';
import { LinkWeather } from './link-weather.js';
import type { MemoryConnection } from './memory-connection.js';
import { MemoryDial } from './memory-dial.js';
import { MemoryHost } from './memory-host.js';
import { MemoryLink } from './memory-link.js';
import type { ConnectAnswer, LinkConditions, MemoryNetworkOptions } from './memory-network-options.js';
import { SeededRandom } from './seeded-random.js';

export type { MemoryNetworkOptions } from './memory-network-options.js';

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);
const ALL_INTERFACES = new Set(['0.0.0.0', '::', '']);

type Accept = (connection: Connection) => void;

interface Listener {
  readonly host: MemoryHost;
  readonly accept: Accept;
}

/**
 * A network in memory: hosts with ports, and connections between them that behave as TCP's do, without a socket. Each
 * chunk arrives as it was written, in order. What is lost, and when things arrive, follows from the seed alone, as long as the
 * hosts do the same things in the same order.
 *
 * ```ts
 * const clock = new VirtualClock();
 * const network = new MemoryNetwork({ clock, latencyMs: 20 });
 * overrideProvider(Transport).useValue(network.transport('10.0.0.1'));
 * ```
 *
 * @publicApi
 */
export class MemoryNetwork {
  readonly #clock: Clock;
  readonly #random: SeededRandom;
  readonly #weather: LinkWeather;
  readonly #windowBytes: number;
  readonly #unknownHosts: ConnectAnswer;
  readonly #hosts = new Map<string, MemoryHost>();
  readonly #listeners = new Map<string, Listener>(); // by host:port
  readonly #links = new Set<MemoryLink>();
  #open = 0;
  #groups = new Map<string, number>();

  constructor(options: MemoryNetworkOptions = {}) {
    const seed = options.seed ?? 1;
    this.#clock = options.clock ?? new SystemClock();
    this.#random = new SeededRandom(seed);
    this.#weather = new LinkWeather(seed, options);
    this.#windowBytes = options.windowBytes ?? 65_536;
    this.#unknownHosts = options.unknownHosts ?? 'refused';
  }

  /** Sides of connections that are open: 2 for a link that is sound. For tests that nothing is left. */
  get connections(): number {
    return this.#open;
  }

  /** Ports somebody listens on. */
  get listeners(): number {
    return this.#listeners.size;
  }

  /**
   * The transport of one host. Any name will do, best an IP address; loopback addresses mean the host itself, unless
   * somebody listens at just that address.
   */
  transport(host: string): Transport {
    return new MemoryTransport(this, this.#hostOf(host));
  }

  /**
   * Cuts the network into these groups of hosts, and one more of all the hosts not named. Between groups nothing is
   * delivered, and neither side is told; connecting fails. Replaces an earlier partition.
   */
  partition(...groups: readonly (readonly string[])[]): void {
    this.#groups = new Map(groups.flatMap((hosts, group) => hosts.map((host) => [host, group + 1] as const)));
    for (const link of this.#links) link.flush();
  }

  /** Ends the partition. What was written meanwhile is delivered. */
  heal(): void {
    this.partition();
  }

  /** Sets what lies between two hosts from now on, in both directions; what isn't given is as everywhere. */
  setLink(one: string, other: string, conditions: LinkConditions): void {
    this.#weather.set(one, other, conditions);
  }

  /** Sets what becomes of attempts to connect to a host from now on. */
  setConnects(host: string, answer: ConnectAnswer): void {
    this.#hostOf(host).answers = answer;
  }

  /**
   * Sets how fast a host reads, whatever its program wants: each of its connections takes so many bytes a second, and those
   * who write to it feel it once the window is full.
   *
   * @param bytesPerSecond 0: nothing at all; `Infinity`, as it is at first: all that comes
   */
  setReadRate(host: string, bytesPerSecond: number): void {
    this.#hostOf(host).bytesPerSecond = bytesPerSecond;
    for (const link of this.#links) if (link.touches(host)) link.readOn();
  }

  /**
   * Makes connections half-open in the worst way, as a router that forgets them does: nothing arrives on them any more, and
   * neither side is told. Connections made later are sound.
   *
   * @param other only those between the two. Default: all of the first host's
   */
  blackhole(one: string, other?: string): void {
    for (const link of this.#links) if (link.touches(one, other)) link.die();
  }

  /**
   * The program on a host dies, and whoever dials it is refused. Its system ends its connections, so the other sides are
   * told; the program itself is told nothing.
   */
  crash(host: string): void {
    this.#end(this.#hostOf(host), true);
  }

  /**
   * A host is gone without a word, as at a power cut: its connections stay half-open at the other sides, whoever dials it gets
   * no answer, and its program is told nothing.
   */
  vanish(host: string): void {
    const gone = this.#hostOf(host);
    gone.isAway = true;
    this.#end(gone, false);
  }

  /** A host is there again after {@link vanish}. It knows of none of its connections: whoever still sends on one is told. */
  appear(host: string): void {
    this.#hostOf(host).isAway = false;
  }

  /** @internal The longest that anything has travelled so far, milliseconds. */
  get longestTravelMs(): number {
    return this.#weather.longestMs;
  }

  /** @internal */
  connect(from: MemoryHost, address: Endpoint, options: CallOptions): Promise<Connection> {
    const dial = new MemoryDial(from, address, {
      clock: this.#clock,
      afterTravel: (run) => this.#afterTravel(from.name, address.host, run),
      reach: () => this.#reach(from, address),
    });
    return dial.begin(options);
  }

  /** @internal */
  listen(host: MemoryHost, on: { readonly host?: string; readonly port: number }, accept: Accept): PeerListener {
    const asked = on.host ?? '';
    if (asked !== host.name && !LOOPBACK.has(asked) && !ALL_INTERFACES.has(asked)) {
      throw new ListenError(`${asked}:${on.port}`, `${host.name} doesn't have that address`);
    }
    const address = { host: host.name, port: on.port === 0 ? this.#freePort(host) : on.port };
    const key = formatAddress(address);
    if (this.#listeners.has(key))
      throw new ListenError(key, 'the port is taken: choose another, or 0 for any that is free');
    const listener = { host, accept };
    this.#listeners.set(key, listener);
    return {
      address,
      close: () => {
        if (this.#listeners.get(key) === listener) this.#listeners.delete(key);
        return Promise.resolve();
      },
    };
  }

  #hostOf(name: string): MemoryHost {
    const known = this.#hosts.get(name);
    if (known !== undefined) return known;
    const host = new MemoryHost(name);
    this.#hosts.set(name, host);
    return host;
  }

  #freePort(host: MemoryHost): number {
    return host.freePort((address) => this.#listeners.has(address));
  }

  /** What comes of an attempt to connect; undefined: no answer. */
  #reach(from: MemoryHost, address: Endpoint): MemoryConnection | DialError | undefined {
    const target = this.#targetOf(from, address);
    const failed = (detail: string): DialError => new DialError(formatAddress(address), detail);
    if (this.#isCut(from.name, target.host)) return failed('no route: the network is partitioned');
    if (this.#weather.loses(from.name, target.host, this.#random))
      return failed('no answer: the network lost the attempt');
    const host = this.#hosts.get(target.host);
    const answers = host?.answers ?? this.#unknownHosts;
    if (host?.isAway === true || from.isAway || answers === 'silent') return undefined;
    const listener = answers === 'normal' ? this.#listeners.get(formatAddress(target)) : undefined;
    if (listener === undefined) return failed('nothing listens there');
    const link = this.#link(from, listener.host, target);
    listener.accept(link.far);
    return link.near;
  }

  #targetOf(from: MemoryHost, address: Endpoint): Endpoint {
    const isOwn = LOOPBACK.has(address.host) && !this.#listeners.has(formatAddress(address));
    return { host: isOwn ? from.name : address.host, port: address.port };
  }

  #link(from: MemoryHost, to: MemoryHost, target: Endpoint): MemoryLink {
    const near = { host: from, address: { host: from.name, port: this.#freePort(from) } };
    const link = new MemoryLink(
      near,
      { host: to, address: target },
      {
        clock: this.#clock,
        weather: this.#weather,
        random: new SeededRandom(this.#random.integer(2 ** 32)),
        windowBytes: this.#windowBytes,
        isCut: () => this.#isCut(from.name, to.name),
        closed: () => this.#sideClosed(link),
      },
    );
    this.#open += 2;
    this.#links.add(link);
    return link;
  }

  #sideClosed(link: MemoryLink): void {
    this.#open--;
    if (link.isOver) this.#links.delete(link);
  }

  /** What a program had is gone. */
  #end(host: MemoryHost, tells: boolean): void {
    for (const [address, listener] of this.#listeners) if (listener.host === host) this.#listeners.delete(address);
    for (const abandon of host.attempts) abandon();
    for (const link of this.#links) if (link.touches(host.name)) link.abandon(host, tells);
  }

  #isCut(one: string, other: string): boolean {
    return (this.#groups.get(one) ?? 0) !== (this.#groups.get(other) ?? 0);
  }

  #afterTravel(one: string, other: string, run: () => void): void {
    const ms = this.#weather.travelMs(one, other, this.#random);
    if (ms > 0) this.#clock.setTimeout(run, ms);
    else queueMicrotask(run);
  }
}

class MemoryTransport extends Transport {
  constructor(
    private readonly network: MemoryNetwork,
    private readonly host: MemoryHost,
  ) {
    super();
  }

  connect(address: Endpoint, options: CallOptions): Promise<Connection> {
    return this.network.connect(this.host, address, options);
  }

  async listen(on: { readonly host?: string; readonly port: number }, accept: Accept): Promise<PeerListener> {
    return this.network.listen(this.host, on, accept);
  }
}
