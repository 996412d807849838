import { formatAddress } from '../../environment/address.js';
import type { CallOptions } from '../../environment/call-options.js';
import type { Timer } from '../../environment/clock.js';
import type { Connection } from '../../environment/connection.js';
import type { DisconnectReason } from '../../persistence/disconnect-reason.js';
import type { Command, Outgoing, Received } from '../../wire/messages.js';
import { DecodeError } from '../../wire/primitives/decode.error.js';
import { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';
import type { Disconnection } from '../disconnection.js';
import { PeerClosedError } from '../errors/peer-closed.error.js';
import { PeerNotReadyError } from '../errors/peer-not-ready.error.js';
import { SocketError } from '../errors/socket.error.js';
import type { PeerState } from '../peer.js';
import { PeerRequests } from '../requests/peer-requests.js';
import { StallWatch } from '../requests/stall-watch.js';
import { Deadlines } from './deadlines.js';
import { disconnectReasonOf } from './disconnect-reason-of.js';
import { Ending } from './ending.js';
import { Handshake } from './handshake.js';
import { Heartbeat } from './heartbeat.js';
import { Intake } from './intake.js';
import { Outlet } from './outlet.js';
import type { LivePeer } from './peer-registry.js';
import type { PeerRuntime } from './peer-runtime.js';
import { RemoteIdentity } from './remote-identity.js';
import { Startup } from './startup.js';
import { Traffic } from './traffic.js';

/**
 * How long a remote that reverses reads gets after the handshake before anything else is sent, milliseconds: enough for
 * our verack to be read alone.
 */
export const FIRST_MESSAGE_DELAY_MS = 20;

/**
 * The life of one connection. It only joins the parts: each concern has a class of its own.
 *
 * A message's way in: `Intake`, then `Handshake`; once ready, what needs no handler is done at once (pongs, answers to
 * requests), and `Intake` hands the message on in its turn. Its way out: `MessageEncoder`, `Outbox`.
 *
 * @internal
 */
export class PeerSession {
  readonly remote: RemoteIdentity;
  readonly traffic: Traffic;
  readonly heartbeat: Heartbeat;
  readonly requests: PeerRequests;
  readonly #peer: LivePeer;
  readonly #runtime: PeerRuntime;
  readonly #connection: Connection;
  readonly #ending: Ending;
  readonly #intake: Intake;
  readonly #outlet: Outlet;
  readonly #handshake: Handshake;
  readonly #deadlines: Deadlines;
  readonly #stall: StallWatch;
  #startup: Startup | undefined;
  #state: PeerState = 'connecting';
  #lastSeenAtMs: number;
  #firstMessageDelay: Timer | undefined;

  constructor(runtime: PeerRuntime, connection: Connection, peer: LivePeer) {
    const { clock, dialect, registry } = runtime;
    this.#peer = peer;
    this.#runtime = runtime;
    this.#connection = connection;
    this.#lastSeenAtMs = clock.now();
    this.#ending = new Ending(connection, clock);
    this.remote = new RemoteIdentity(dialect, connection.remoteAddress);
    this.traffic = new Traffic(runtime.statistics.recorderOf(peer));
    this.#intake = this.#makeIntake();
    this.#outlet = this.#makeOutlet();
    this.#deadlines = new Deadlines(runtime, this.#intake.gate, this.#outlet.outbox, (reason) => this.#fail(reason));
    this.#stall = new StallWatch(clock, runtime.timeouts.stalledMs, this.#intake.gate, (command) =>
      this.#stalled(command),
    );
    this.#handshake = this.#makeHandshake();
    this.heartbeat = new Heartbeat(runtime, this.remote, this.#outlet);
    this.requests = this.#makeRequests();
    registry.add(peer);
    connection.onClose((error) => this.#connectionOver(error));
  }

  get state(): PeerState {
    return this.#state;
  }

  get closed(): Promise<Disconnection> {
    return this.#ending.closed;
  }

  get lastSeenAtMs(): number {
    return this.#lastSeenAtMs;
  }

  run(options: CallOptions = {}): Promise<void> {
    if (this.#startup !== undefined) return this.#startup.promise;
    const startup = (this.#startup = new Startup(formatAddress(this.#connection.remoteAddress)));
    if (this.#ending.cause !== undefined) {
      startup.over(this.#ending.cause);
      return startup.promise;
    }
    const { clock, events, timeouts } = this.#runtime;
    this.#state = 'negotiating';
    events.emit('connected', this.#peer);
    const limits = { ...options, timeoutMs: options.timeoutMs ?? timeouts.handshakeMs };
    startup.watch(clock, limits, (reason, error) => this.#fail(reason, error));
    if (this.#ending.cause === undefined) this.#handshake.begin();
    if (this.#ending.cause === undefined) this.#intake.begin();
    return startup.promise;
  }

  async send(message: Outgoing, options?: CallOptions): Promise<void> {
    this.checkReady();
    this.#noteAsked(message);
    await this.#outlet.send(message, options);
  }

  post(message: Outgoing): boolean {
    if (this.#state !== 'ready') return false;
    const queued = this.#outlet.post(message);
    if (queued) this.#noteAsked(message);
    return queued;
  }

  async disconnectWithin(reason: DisconnectReason, ms: number): Promise<void> {
    if (this.#ending.begin(reason, 'us')) {
      this.#quit(true);
      this.#outlet.outbox.release();
      await this.#ending.leave(this.#outlet.outbox.empty(), ms);
    }
    await this.closed;
  }

  stopReading(): void {
    if (this.#state === 'ready') {
      this.#intake.pause();
      this.requests.close(new PeerClosedError('shutdown'));
    } else {
      void this.disconnectWithin('shutdown', this.#runtime.timeouts.drainMs);
    }
  }

  handled(): Promise<void> {
    return this.#state === 'ready' ? this.#intake.handled() : Promise.resolve();
  }

  /** @throws PeerClosedError, PeerNotReadyError */
  checkReady(): void {
    if (this.#ending.cause !== undefined) throw new PeerClosedError(this.#ending.cause.reason);
    if (this.#state !== 'ready') throw new PeerNotReadyError(this.#state);
  }

  #makeIntake(): Intake {
    return new Intake(this.#runtime, this.#connection, this.#runtime.policy.meterOf(this.#peer), {
      byteCame: () => {
        this.#lastSeenAtMs = this.#runtime.clock.now();
        this.#deadlines.byteCame();
        this.#stall.byteCame();
      },
      received: (message) => this.#received(message),
      broken: (error) => this.#broken(error),
      resumed: () => {
        this.#deadlines.resumed();
        this.#stall.resumed();
      },
      evicted: () => this.#fail('evicted'),
      handle: (message) => this.#runtime.dispatcher.dispatch(this.#peer, message),
    });
  }

  #makeOutlet(): Outlet {
    return new Outlet(this.#runtime, this.#connection, this.remote, {
      sent: (command, bytes) => this.traffic.sent(command, bytes),
      filled: () => this.#deadlines.writing(),
    });
  }

  #makeHandshake(): Handshake {
    return new Handshake(this.#runtime, this.#peer, this.remote, {
      send: (message) => this.#outlet.open(message),
      ready: () => this.#ready(),
      fail: (reason, error) => this.#fail(reason, error),
    });
  }

  #makeRequests(): PeerRequests {
    const line = {
      send: (message: Outgoing, signal: AbortSignal, handedOver: () => void) =>
        this.#outlet.send(message, { signal }, handedOver),
      pending: (pending: boolean) => (this.#intake.requestPending = pending),
      unsound: (error: DecodeError) => this.#runtime.policy.answeredFalsely(this.#peer, 'block', error),
    };
    return new PeerRequests(this.#runtime, this.remote, line, this.#stall);
  }

  #received(message: Received): void {
    this.traffic.received(message.command, message.size);
    try {
      if (this.#state === 'ready') this.#receivedReady(message);
      else this.#handshake.receive(message);
    } catch (error) {
      this.#broken(error, message.command === 'unknown' ? undefined : message.command);
    }
  }

  #receivedReady(message: Received): void {
    if (message.command === 'unknown') return;
    if (message.command === 'version' || message.command === 'verack') {
      this.#fail(message.command === 'version' ? 'duplicate-version' : 'duplicate-verack');
      return;
    }
    if (!this.#intake.admits(message)) return;
    this.#outlet.received(message.command);
    if (message.command === 'ping') this.#intake.whenDue(message, () => this.heartbeat.pinged(message));
    if (message.command === 'pong') this.heartbeat.ponged(message);
    const asked = this.requests.accept(message);
    this.#runtime.events.emit('message', this.#peer, message);
    if (this.#state === 'ready') this.#intake.put(message, asked);
  }

  #ready(): void {
    const { clock, events } = this.#runtime;
    this.#state = 'ready';
    this.#intake.allowLargeFrames();
    this.#deadlines.start();
    this.heartbeat.start();
    if (this.remote.profile.reversesReads) {
      this.#outlet.outbox.oneFrameAWrite = true;
      this.#firstMessageDelay = clock.setTimeout(() => this.#outlet.outbox.release(), FIRST_MESSAGE_DELAY_MS);
    } else {
      this.#outlet.outbox.release();
    }
    this.#startup?.ready();
    events.emit('ready', this.#peer);
  }

  #stalled(command: Command): void {
    if (this.#ending.cause !== undefined) return;
    this.#runtime.events.emit('stalled', this.#peer, command);
    this.#fail('stalled');
  }

  /** What came can't be used: it breaks the protocol, or we have a fault, which must not bring the process down. */
  #broken(error: unknown, command?: Command): void {
    if (error instanceof DecodeError) {
      this.#fail(disconnectReasonOf(error), error);
      return;
    }
    this.#runtime.faults.report('our reading', this.#peer, command ?? 'frame', error);
    this.#fail('malformed', error instanceof NeoPeerError ? error : undefined);
  }

  /** Gives the peer up at once. */
  #fail(reason: DisconnectReason, error?: NeoPeerError): void {
    if (!this.#ending.begin(reason, 'us', error)) return;
    this.#quit(false);
    this.#ending.cut();
  }

  /** Ends everything but the connection and, so that it can be emptied, the outbox. */
  #quit(discard: boolean): void {
    const { reason, error } = this.#ending.cause!;
    const closed = new PeerClosedError(reason, error && { cause: error });
    this.#state = 'closed';
    this.#firstMessageDelay?.cancel();
    this.#handshake.stop();
    this.#deadlines.stop();
    this.#intake.stop(discard);
    this.heartbeat.stop(closed);
    this.requests.close(closed);
  }

  #connectionOver(error: Error | undefined): void {
    if (this.#ending.cause === undefined) {
      this.#intake.finish();
      if (error === undefined) this.#endedByRemote('remote-closed');
      else this.#endedByRemote('socket-error', new SocketError(formatAddress(this.#connection.remoteAddress), error));
    }
    const cause = this.#ending.cause!;
    this.#outlet.outbox.close(new PeerClosedError(cause.reason, cause.error && { cause: cause.error }));
    this.#runtime.registry.remove(this.#peer);
    const disconnection = this.#ending.finish(cause);
    if (this.#startup === undefined) return;
    const { host, port } = this.#connection.remoteAddress;
    this.#runtime.logger.debug(`peer ${this.#peer.id} ${host}:${port} closed by ${cause.by}: ${cause.reason}`);
    this.#runtime.events.emit('disconnected', this.#peer, disconnection);
    this.#startup.over(disconnection);
  }

  #endedByRemote(reason: DisconnectReason, error?: NeoPeerError): void {
    if (this.#ending.begin(reason, 'remote', error)) this.#quit(false);
  }

  #noteAsked(message: Outgoing): void {
    if (message.command === 'getdata') this.requests.remember(message.payload.hashes);
  }
}
