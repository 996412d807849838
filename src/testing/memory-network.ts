import type { CallOptions } from '../environment/call-options.js';
import { watchLimits } from '../environment/call-limits.js';
import { formatAddress } from '../environment/address.js';
import type { Clock } from '../environment/clock.js';
import type { Connection, Endpoint, PeerListener } from '../environment/connection.js';
import { DialError } from '../environment/dial.error.js';
import { ListenError } from '../environment/listen.error.js';
import { SystemClock } from '../environment/system-clock.js';
import { Transport } from '../environment/transport.js';
import { ConnectionResetError } from './connection-reset.error.js';
import { MemoryConnection } from './memory-connection.js';
import { MemoryWire } from './memory-wire.js';
import { SeededRandom } from './seeded-random.js';

/** Ports given to whoever asks for none: the dynamic range, RFC 6335. */
const FIRST_FREE_PORT = 49_152;
const LAST_FREE_PORT = 65_535;

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);
const ALL_INTERFACES = new Set(['0.0.0.0', '::', '']);

/**
 * Options of a {@link MemoryNetwork}.
 *
 * @publicApi
 */
export interface MemoryNetworkOptions {
  /** Decides what is lost. @default 1 */
  readonly seed?: number;
  /** How long everything travels, one way, milliseconds. 0: delivered in a microtask. @default 0 */
  readonly latencyMs?: number;
  /**
   * The chance, 0 to 1, that an attempt to connect fails, and the same for each chunk: instead of delivering it the network
   * breaks the connection on both sides. (Streams are reliable, so a lost packet alone would not be noticed.) @default 0
   */
  readonly loss?: number;
  /** What latency and `timeoutMs` are measured with. Give the test's `VirtualClock`. @default the system's clock */
  readonly clock?: Clock;
  /** Bytes a connection takes beyond what the other side has read, before `write` has to wait. @default 65536 */
  readonly windowBytes?: number;
}

interface Link {
  readonly hosts: readonly [string, string];
  readonly sides: readonly [MemoryConnection, MemoryConnection];
  readonly wires: readonly [MemoryWire, MemoryWire];
}

type Accept = (connection: Connection) => void;

/**
 * A network in memory: hosts with ports, and connections between them that behave as TCP's do, without a socket. Each
 * chunk arrives as it was written, in order. What is lost follows from the seed alone, as long as the hosts do the same
 * things in the same order.
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
  readonly #latencyMs: number;
  readonly #loss: number;
  readonly #windowBytes: number;
  readonly #listeners = new Map<string, { readonly accept: Accept }>(); // by host:port
  readonly #links = new Set<Link>();
  readonly #open = new Set<MemoryConnection>();
  readonly #nextPorts = new Map<string, number>();
  #groups = new Map<string, number>();

  constructor(options: MemoryNetworkOptions = {}) {
    this.#clock = options.clock ?? new SystemClock();
    this.#random = new SeededRandom(options.seed ?? 1);
    this.#latencyMs = options.latencyMs ?? 0;
    this.#loss = options.loss ?? 0;
    this.#windowBytes = options.windowBytes ?? 65_536;
  }

  /** Sides of connections that are open: 2 for a link that is sound. For tests that nothing is left. */
  get connections(): number {
    return this.#open.size;
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
    return new MemoryTransport(this, host);
  }

  /**
   * Cuts the network into these groups of hosts, and one more of all the hosts not named. Between groups nothing is
   * delivered, and neither side is told; connecting fails. Replaces an earlier partition.
   */
  partition(...groups: readonly (readonly string[])[]): void {
    this.#groups = new Map(groups.flatMap((hosts, group) => hosts.map((host) => [host, group + 1] as const)));
    this.#flush();
  }

  /** Ends the partition. What was written meanwhile is delivered. */
  heal(): void {
    this.partition();
  }

  /** @internal */
  async connect(from: string, address: Endpoint, options: CallOptions): Promise<Connection> {
    return new Promise((resolve, reject) => {
      let outcome: MemoryConnection | DialError | undefined;
      let givenUp = false;
      const timedOut = (): Error => new DialError(formatAddress(address), `no answer within ${options.timeoutMs} ms`);
      const stop = watchLimits(this.#clock, options, timedOut, (error) => {
        givenUp = true;
        if (outcome instanceof MemoryConnection) outcome.destroy();
        reject(error);
      });
      if (givenUp) return;
      this.#afterLatency(() => {
        if (givenUp) return;
        outcome = this.#reach(from, address);
        this.#afterLatency(() => {
          stop();
          if (outcome instanceof MemoryConnection) resolve(outcome);
          else reject(outcome);
        });
      });
    });
  }

  /** @internal */
  listen(host: string, on: { readonly host?: string; readonly port: number }, accept: Accept): PeerListener {
    const asked = on.host ?? '';
    if (asked !== host && !LOOPBACK.has(asked) && !ALL_INTERFACES.has(asked)) {
      throw new ListenError(`${asked}:${on.port}`, `${host} doesn't have that address`);
    }
    const address = { host, port: on.port === 0 ? this.#freePort(host) : on.port };
    const key = formatAddress(address);
    if (this.#listeners.has(key))
      throw new ListenError(key, 'the port is taken: choose another, or 0 for any that is free');
    const listener = { accept };
    this.#listeners.set(key, listener);
    return {
      address,
      close: () => {
        if (this.#listeners.get(key) === listener) this.#listeners.delete(key);
        return Promise.resolve();
      },
    };
  }

  #freePort(host: string): number {
    let port = this.#nextPorts.get(host) ?? FIRST_FREE_PORT;
    while (this.#listeners.has(formatAddress({ host, port }))) port = portAfter(port);
    this.#nextPorts.set(host, portAfter(port));
    return port;
  }

  #reach(from: string, address: Endpoint): MemoryConnection | DialError {
    const known = this.#listeners.has(formatAddress(address));
    const to = !known && LOOPBACK.has(address.host) ? from : address.host;
    const target = { host: to, port: address.port };
    if (this.#isCut(from, to)) return new DialError(formatAddress(address), 'no route: the network is partitioned');
    if (this.#isLost(this.#random))
      return new DialError(formatAddress(address), 'no answer: the network lost the attempt');
    const listener = this.#listeners.get(formatAddress(target));
    if (!listener) return new DialError(formatAddress(address), 'nothing listens there');
    const [near, far] = this.#link({ host: from, port: this.#freePort(from) }, target);
    listener.accept(far);
    return near;
  }

  #link(local: Endpoint, remote: Endpoint): readonly [MemoryConnection, MemoryConnection] {
    const hosts = [local.host, remote.host] as const;
    const random = new SeededRandom(this.#random.integer(2 ** 32)); // its own, so that links don't disturb each other
    const gone = (side: MemoryConnection): void => {
      this.#open.delete(side);
      if (!sides.some((other) => this.#open.has(other))) this.#links.delete(link);
    };
    const sides = [
      new MemoryConnection(local, remote, this.#windowBytes, gone),
      new MemoryConnection(remote, local, this.#windowBytes, gone),
    ] as const;
    const wires = [this.#wire(hosts, sides, sides[1], random), this.#wire(hosts, sides, sides[0], random)] as const;
    const link: Link = { hosts, sides, wires };
    sides[0].join(sides[1], wires[0]);
    sides[1].join(sides[0], wires[1]);
    for (const side of sides) this.#open.add(side);
    this.#links.add(link);
    return sides;
  }

  #wire(hosts: Link['hosts'], sides: Link['sides'], to: MemoryConnection, random: SeededRandom): MemoryWire {
    return new MemoryWire(
      (run) => this.#afterLatency(run),
      () => this.#isCut(...hosts),
      (segment) => {
        if (segment instanceof Uint8Array && this.#isLost(random)) {
          for (const side of sides) side.close(new ConnectionResetError('network'));
        } else {
          to.arrive(segment);
        }
      },
    );
  }

  #isCut(one: string, other: string): boolean {
    return (this.#groups.get(one) ?? 0) !== (this.#groups.get(other) ?? 0);
  }

  #isLost(random: SeededRandom): boolean {
    return this.#loss > 0 && random.integer(2 ** 32) < this.#loss * 2 ** 32;
  }

  #afterLatency(run: () => void): void {
    if (this.#latencyMs > 0) this.#clock.setTimeout(run, this.#latencyMs);
    else queueMicrotask(run);
  }

  #flush(): void {
    for (const { wires } of this.#links) for (const wire of wires) wire.flush();
  }
}

function portAfter(port: number): number {
  return port < LAST_FREE_PORT ? port + 1 : FIRST_FREE_PORT;
}

class MemoryTransport extends Transport {
  constructor(
    private readonly network: MemoryNetwork,
    private readonly host: string,
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
