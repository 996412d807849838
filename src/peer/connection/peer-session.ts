import { formatAddress } from '../../environment/address.js';
import type { CallOptions } from '../../environment/call-options.js';
import type { Connection } from '../../environment/connection.js';
import type { DisconnectReason } from '../../persistence/disconnect-reason.js';
import type { Command, Message, Outgoing, Received } from '../../wire/messages.js';
import { DecodeError } from '../../wire/primitives/decode.error.js';
import { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';
import type { Disconnection } from '../disconnection.js';
import { PeerClosedError } from '../errors/peer-closed.error.js';
import { PeerNotReadyError } from '../errors/peer-not-ready.error.js';
import { SocketError } from '../errors/socket.error.js';
import type { PeerState } from '../peer.js';
import { PeerRequests, type PeerRequestsOwner } from '../requests/peer-requests.js';
import type { TrafficRecorder } from '../statistics/traffic-recorder.js';
import { Deadlines, type DeadlinesOwner } from './deadlines.js';
import { disconnectReasonOf } from './disconnect-reason-of.js';
import { Ending } from './ending.js';
import type { HandshakeOwner } from './handshake.js';
import { Heartbeat } from './heartbeat.js';
import { Intake, type IntakeOwner } from './intake.js';
import type { OutboxOwner } from './outbox.js';
import { Outlet } from './outlet.js';
import type { LivePeer } from './peer-registry.js';
import type { PeerRuntime } from './peer-runtime.js';
import { RemoteIdentity } from './remote-identity.js';
import { Startup } from './startup.js';

/**
 * The life of one connection. It only joins the parts: each concern has a class of its own, and tells this one what happens
 * through the methods it asks for. What few peers need, or only for a while, is made when it is needed.
 *
 * A message's way in: `Intake`, then `Handshake`; once ready, what needs no handler is done at once (pongs, answers to
 * requests), and `Intake` hands the message on in its turn. Its way out: `MessageEncoder`, `Outbox`.
 *
 * @internal
 */
export class PeerSession implements IntakeOwner, OutboxOwner, HandshakeOwner, DeadlinesOwner, PeerRequestsOwner {
  readonly remote: RemoteIdentity;
  readonly recorder: TrafficRecorder;
  readonly heartbeat: Heartbeat;
  readonly #peer: LivePeer;
  readonly #runtime: PeerRuntime;
  readonly #connection: Connection;
  readonly #intake: Intake;
  readonly #outlet: Outlet;
  readonly #deadlines: Deadlines;
  #requests: PeerRequests | undefined;
  /** Until the peer is ready. */
  #startup: Startup | undefined;
  /** Of `run()`, once it was called. */
  #running: Promise<void> | undefined;
  /** Once it ends, or somebody waits for that. */
  #ending: Ending | undefined;
  #state: PeerState = 'connecting';
  #lastSeenAtMs: number;

  constructor(runtime: PeerRuntime, connection: Connection, peer: LivePeer) {
    const { dialect, registry, policy, statistics } = runtime;
    this.#peer = peer;
    this.#runtime = runtime;
    this.#connection = connection;
    this.#lastSeenAtMs = peer.createdAtMs;
    this.remote = new RemoteIdentity(dialect, connection.remoteAddress);
    this.recorder = statistics.recorderOf(peer);
    this.#intake = new Intake(runtime, connection, policy.meterOf(peer), this);
    this.#outlet = new Outlet(runtime, connection, this.remote, this);
    this.heartbeat = new Heartbeat(runtime, this.remote, this.#outlet);
    this.#deadlines = new Deadlines(runtime, this.#intake.gate, this.#outlet.outbox, this.heartbeat, this);
    registry.add(peer);
    connection.onClose((error) => this.#connectionOver(error));
  }

  get state(): PeerState {
    return this.#state;
  }

  get closed(): Promise<Disconnection> {
    return this.#end.closed;
  }

  get lastSeenAtMs(): number {
    return this.#lastSeenAtMs;
  }

  /** What is asked of the remote. */
  get requests(): PeerRequests {
    return (this.#requests ??= new PeerRequests(this.#runtime, this.remote, this.#intake.gate, this));
  }

  run(options: CallOptions = {}): Promise<void> {
    if (this.#running !== undefined) return this.#running;
    const startup = (this.#startup = new Startup(this.#runtime, this.#peer, this.remote, this));
    this.#running = startup.promise;
    if (this.#cause !== undefined) {
      startup.over(this.#cause);
      return this.#running;
    }
    this.#state = 'negotiating';
    this.#runtime.events.emit('connected', this.#peer);
    startup.watch(options);
    if (this.#cause === undefined) startup.begin();
    if (this.#cause === undefined) this.#intake.begin(this.#connection);
    return this.#running;
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
    if (this.#end.begin(reason, 'us')) {
      this.#quit(true);
      this.#outlet.outbox.release();
      await this.#end.leave(this.#outlet.outbox.empty(), ms);
    }
    await this.closed;
  }

  stopReading(): void {
    if (this.#state === 'ready') {
      this.#intake.shut();
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
    if (this.#cause !== undefined) throw new PeerClosedError(this.#cause.reason);
    if (this.#state !== 'ready') throw new PeerNotReadyError(this.#state);
  }

  // From the intake.

  byteCame(): void {
    this.#lastSeenAtMs = this.#runtime.clock.now();
    this.#deadlines.byteCame();
    this.#requests?.byteCame();
  }

  received(message: Received): void {
    this.recorder.received(message.command, message.size);
    try {
      if (this.#state === 'ready') this.#receivedReady(message);
      else this.#startup?.receive(message);
    } catch (error) {
      this.broken(error, message.command === 'unknown' ? undefined : message.command);
    }
  }

  /** What came can't be used: it breaks the protocol, or we have a fault, which must not bring the process down. */
  broken(error: unknown, command?: Command): void {
    if (error instanceof DecodeError) {
      this.fail(disconnectReasonOf(error), error);
      return;
    }
    this.#runtime.faults.report('our reading', this.#peer, command ?? 'frame', error);
    this.fail('malformed', error instanceof NeoPeerError ? error : undefined);
  }

  resumed(): void {
    this.#deadlines.resumed();
    this.#requests?.resumed();
  }

  handle(message: Message): Promise<void> | undefined {
    return this.#runtime.dispatcher.dispatch(this.#peer, message);
  }

  // From the outbox.

  sent(command: Command, bytes: number): void {
    this.recorder.sent(command, bytes);
  }

  writing(): void {
    this.#deadlines.writing();
  }

  // From the handshake.

  open(message: Outgoing): void {
    this.#outlet.open(message);
  }

  ready(): void {
    this.#state = 'ready';
    this.#intake.allowLargeFrames();
    this.heartbeat.start();
    this.#deadlines.start();
    this.#outlet.ready();
    this.#startup?.ready();
    this.#startup = undefined;
    this.#runtime.events.emit('ready', this.#peer);
  }

  /** Gives the peer up at once. Also from whoever keeps its time. */
  fail(reason: DisconnectReason, error?: NeoPeerError): void {
    if (!this.#end.begin(reason, 'us', error)) return;
    this.#quit(false);
    this.#end.cut();
  }

  // From the requests.

  sendRequest(message: Outgoing, signal: AbortSignal, handedOver: () => void): Promise<void> {
    return this.#outlet.send(message, { signal }, handedOver);
  }

  pending(pending: boolean): void {
    this.#intake.requestPending = pending;
  }

  unsound(error: DecodeError): void {
    this.#runtime.policy.answeredFalsely(this.#peer, 'block', error);
  }

  stalled(command: Command): void {
    if (this.#cause !== undefined) return;
    this.#runtime.events.emit('stalled', this.#peer, command);
    this.fail('stalled');
  }

  #receivedReady(message: Received): void {
    if (message.command === 'unknown') return;
    if (message.command === 'version' || message.command === 'verack') {
      this.fail(message.command === 'version' ? 'duplicate-version' : 'duplicate-verack');
      return;
    }
    if (!this.#intake.admits(message)) return;
    this.#outlet.received(message.command);
    if (message.command === 'ping') this.#intake.whenDue(message, () => this.heartbeat.pinged(message));
    if (message.command === 'pong') this.heartbeat.ponged(message);
    // An inventory is remembered even if nothing was asked yet.
    const asked = message.command === 'inv' ? this.requests.accept(message) : this.#requests?.accept(message) === true;
    this.#runtime.events.emit('message', this.#peer, message);
    if (this.#state === 'ready') this.#intake.put(message, asked);
  }

  /** Ends everything but the connection and, so that it can be emptied, the outbox. */
  #quit(discard: boolean): void {
    const { reason, error } = this.#cause!;
    const closed = new PeerClosedError(reason, error && { cause: error });
    this.#state = 'closed';
    this.#startup?.stop();
    this.#outlet.stop();
    this.#deadlines.stop();
    this.#intake.stop(discard);
    this.heartbeat.stop(closed);
    this.#requests?.close(closed);
  }

  #connectionOver(error: Error | undefined): void {
    if (this.#cause === undefined) {
      this.#intake.finish();
      if (error === undefined) this.#endedByRemote('remote-closed');
      else this.#endedByRemote('socket-error', new SocketError(formatAddress(this.#connection.remoteAddress), error));
    }
    const cause = this.#cause!;
    this.#outlet.outbox.close(new PeerClosedError(cause.reason, cause.error && { cause: cause.error }));
    this.#runtime.registry.remove(this.#peer);
    const disconnection = this.#end.finish(cause);
    if (this.#running === undefined) return;
    const { host, port } = this.#connection.remoteAddress;
    this.#runtime.logger.debug(`peer ${this.#peer.id} ${host}:${port} closed by ${cause.by}: ${cause.reason}`);
    this.#runtime.events.emit('disconnected', this.#peer, disconnection);
    this.#startup?.over(disconnection);
    this.#startup = undefined;
  }

  get #end(): Ending {
    return (this.#ending ??= new Ending(this.#connection, this.#runtime.clock));
  }

  get #cause(): Ending['cause'] {
    return this.#ending?.cause;
  }

  #endedByRemote(reason: DisconnectReason, error?: NeoPeerError): void {
    if (this.#end.begin(reason, 'remote', error)) this.#quit(false);
  }

  #noteAsked(message: Outgoing): void {
    if (message.command === 'getdata') this.requests.remember(message.payload.hashes);
  }
}
