import { type StopWatching, watchLimits } from '../../environment/call-limits.js';
import type { CallOptions } from '../../environment/call-options.js';
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
  /** Oldest first; none while no ping is open. */
  #open: OpenPing[] | undefined;
  #callers: Set<(error: Error) => void> | undefined;
  /** Monotonic milliseconds. */
  #nextBeatAt = Infinity;
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
    const { timeouts, clock } = this.#runtime;
    if (timeouts.keepaliveMs === 0 || this.#remote.profile.dropsPings) return;
    this.#nextBeatAt = clock.monotonic() + timeouts.keepaliveMs;
  }

  /** Sends a ping if one is due. @returns milliseconds until the next is; Infinity for never */
  beat(): number {
    const now = this.#runtime.clock.monotonic();
    if (now < this.#nextBeatAt) return this.#nextBeatAt - now;
    const { keepaliveMs } = this.#runtime.timeouts;
    this.#nextBeatAt = now + keepaliveMs;
    if (this.#line.isBusy()) return keepaliveMs; // bytes are going out, which keeps the link as well
    const ping = this.#newPing();
    if (this.#line.hurry(this.#messageOf(ping))) this.#remember(ping);
    return keepaliveMs;
  }

  stop(error: NeoPeerError): void {
    this.#stopped = true;
    this.#nextBeatAt = Infinity;
    this.#open = undefined;
    for (const fail of this.#callers ?? []) fail(error);
  }

  async ping(options: CallOptions = {}): Promise<number> {
    const { clock, timeouts } = this.#runtime;
    const timeoutMs = options.timeoutMs ?? timeouts.requestMs;
    return new Promise<number>((resolve, reject) => {
      const ping = this.#newPing();
      let stop: StopWatching | undefined;
      const settle = (): void => {
        stop?.();
        this.#callers?.delete(fail);
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
      const callers = (this.#callers ??= new Set());
      callers.add(fail);
      stop = watchLimits(clock, { ...options, timeoutMs }, () => new RequestTimeoutError('ping', timeoutMs), fail);
      if (callers.has(fail)) this.#line.send(this.#messageOf(ping), undefined, () => this.#remember(ping)).catch(fail);
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
    const open = this.#open;
    if (open === undefined) return;
    const isOnly = open.length === 1;
    const place = placeOf(nonce, open);
    const ping = open[place]!;
    open.splice(0, place + 1);
    if (open.length === 0) this.#open = undefined;
    const roundTripMs = this.#runtime.clock.monotonic() - ping.sentAt;
    if (isOnly || ping.nonce === nonce) this.#latencyMs = roundTripMs;
    ping.answered?.(roundTripMs);
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
    if (this.#open === undefined) {
      this.#open = [ping];
      return;
    }
    if (this.#open.length >= MAX_OPEN_PINGS) this.#open.shift();
    this.#open.push(ping);
  }
}

/** The oldest; but one whose nonce came back, if nobody waits for those before it. */
function placeOf(nonce: number, open: readonly OpenPing[]): number {
  const place = open.findIndex((ping) => ping.nonce === nonce || ping.answered !== undefined);
  return place >= 0 && open[place]!.nonce === nonce ? place : 0;
}
