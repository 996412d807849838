import { type StopWatching, watchLimits } from '../../environment/call-limits.js';
import type { CallOptions } from '../../environment/call-options.js';
import type { Timer } from '../../environment/clock.js';
import type { Message, Outgoing } from '../../wire/messages.js';
import type { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';
import { RequestTimeoutError } from '../errors/request-timeout.error.js';
import type { PeerRuntime } from './peer-runtime.js';
import type { RemoteIdentity } from './remote-identity.js';

/** Nonces are 32 bits wide. */
const NONCES = 2 ** 32;

/**
 * How many of our pings may be open before the oldest is forgotten: some nodes never answer one. That many is 13 minutes
 * of keepalive.
 */
const MAX_OPEN_PINGS = 32;

interface OpenPing {
  readonly nonce: number;
  /** Monotonic milliseconds. */
  sentAt: number;
  /** Somebody waits for it. */
  answered?: (roundTripMs: number) => void;
}

/** What a {@link Heartbeat} needs from its peer. */
export interface HeartbeatLine {
  /** Puts a message ahead of all that wait. */
  hurry(message: Outgoing): boolean;
  /** Sends a message in its turn. */
  send(message: Outgoing, options: undefined, handedOver: () => void): Promise<void>;
  /** Whether bytes are on their way, or wait to be. */
  isBusy(): boolean;
}

/**
 * Pings and pongs of a ready peer.
 *
 * A pong settles the oldest open ping, because nodes put what they like into its nonce. Its round trip is taken for
 * the latency only if no other ping was open or the nonce matches.
 *
 * @internal
 */
export class Heartbeat {
  readonly #runtime: PeerRuntime;
  readonly #remote: RemoteIdentity;
  readonly #line: HeartbeatLine;
  readonly #open: OpenPing[] = [];
  readonly #callers = new Set<(error: Error) => void>();
  #keepalive: Timer | undefined;
  #latencyMs: number | undefined;
  #stopped = false;

  constructor(runtime: PeerRuntime, remote: RemoteIdentity, line: HeartbeatLine) {
    this.#runtime = runtime;
    this.#remote = remote;
    this.#line = line;
  }

  get latencyMs(): number | undefined {
    return this.#latencyMs;
  }

  /** Begins to ping, unless the remote closes the connection for it. */
  start(): void {
    const { keepaliveMs } = this.#runtime.timeouts;
    if (keepaliveMs === 0 || this.#remote.profile.dropsPings) return;
    const timer = this.#runtime.clock.setTimeout(() => {
      timer.refresh();
      this.#beat();
    }, keepaliveMs);
    this.#keepalive = timer;
  }

  stop(error: NeoPeerError): void {
    this.#stopped = true;
    this.#keepalive?.cancel();
    this.#open.length = 0;
    for (const fail of this.#callers) fail(error);
  }

  async ping(options: CallOptions = {}): Promise<number> {
    const { clock, timeouts } = this.#runtime;
    const timeoutMs = options.timeoutMs ?? timeouts.requestMs;
    return new Promise<number>((resolve, reject) => {
      const ping = this.#newPing();
      let stop: StopWatching | undefined;
      const settle = (): void => {
        stop?.();
        this.#callers.delete(fail);
        delete ping.answered; // it stays open: its pong may still come, and belongs to no other
      };
      const fail = (error: Error): void => {
        settle();
        reject(error);
      };
      ping.answered = (roundTripMs) => {
        settle();
        resolve(roundTripMs);
      };
      this.#callers.add(fail);
      stop = watchLimits(clock, { ...options, timeoutMs }, () => new RequestTimeoutError('ping', timeoutMs), fail);
      if (this.#callers.has(fail))
        this.#line.send(this.#messageOf(ping), undefined, () => this.#remember(ping)).catch(fail);
    });
  }

  /** Answers a ping; one whose time came too late, when the peer has closed, isn't. */
  pinged(message: Message<'ping'>): void {
    if (this.#stopped) return;
    this.#remote.tellHeight(message);
    const { dialect, clock, height } = this.#runtime;
    this.#line.hurry(dialect.pong(message, height.askOrLast(), clock.now()));
  }

  /** Settles a ping of ours, if one is open. */
  ponged(message: Message<'pong'>): void {
    this.#remote.tellHeight(message);
    const { nonce } = this.#runtime.dialect.pingFacts(message);
    const isOnly = this.#open.length === 1;
    const place = this.#placeOf(nonce);
    const ping = this.#open[place];
    if (ping === undefined) return;
    this.#open.splice(0, place + 1);
    const roundTripMs = this.#runtime.clock.monotonic() - ping.sentAt;
    if (isOnly || ping.nonce === nonce) this.#latencyMs = roundTripMs;
    ping.answered?.(roundTripMs);
  }

  /** The oldest; but one whose nonce came back, if nobody waits for those before it. */
  #placeOf(nonce: number): number {
    const place = this.#open.findIndex((ping) => ping.nonce === nonce || ping.answered !== undefined);
    return place >= 0 && this.#open[place]!.nonce === nonce ? place : 0;
  }

  #beat(): void {
    if (this.#line.isBusy()) return; // bytes are going out, which keeps the link as well
    const ping = this.#newPing();
    if (this.#line.hurry(this.#messageOf(ping))) this.#remember(ping);
  }

  #newPing(): OpenPing {
    return { nonce: this.#runtime.random.integer(NONCES), sentAt: 0 };
  }

  #messageOf({ nonce }: OpenPing): Outgoing {
    const { dialect, clock, height } = this.#runtime;
    return dialect.ping(height.askOrLast(), clock.now(), nonce);
  }

  #remember(ping: OpenPing): void {
    ping.sentAt = this.#runtime.clock.monotonic();
    if (this.#open.length >= MAX_OPEN_PINGS) this.#open.shift();
    this.#open.push(ping);
  }
}
