import type { Timer } from '../../environment/clock.js';
import type { DisconnectReason } from '../../persistence/disconnect-reason.js';
import type { Message, Outgoing, Received } from '../../wire/messages.js';
import { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';
import { BehaviourFailedError } from '../errors/behaviour-failed.error.js';
import type { Peer } from '../peer.js';
import type { PeerRuntime } from './peer-runtime.js';
import type { RemoteIdentity } from './remote-identity.js';

/**
 * How long our verack stays back from a remote that reverses reads, milliseconds, unless its own comes before: together
 * with our version in one read it would come out first. 100 ms got 200 of 200 sessions with NEO-ONE through, none got 11.
 */
export const VERACK_DELAY_MS = 100;

/** Who does a {@link Handshake}. */
export interface HandshakeOwner {
  /** Sends a message of the handshake. */
  open(message: Outgoing): void;
  /** Both sides have said version and verack. */
  ready(): void;
  /** It can't become ready. */
  fail(reason: DisconnectReason, error?: NeoPeerError): void;
}

/**
 * From the connection to a ready peer. Both sides say version at once and verack when they have seen the other's version;
 * whoever dialled makes no difference. (The earliest Go library, when it dials, says nothing until it has our version, and
 * no verack until it has ours: this order serves it too.)
 *
 * @internal
 */
export class Handshake {
  readonly #runtime: PeerRuntime;
  readonly #peer: Peer;
  readonly #remote: RemoteIdentity;
  readonly #owner: HandshakeOwner;
  #verackReceived = false;
  /** Our verack may go out: the remote is admitted. */
  #admitted = false;
  #verackSent = false;
  #verackDelay: Timer | undefined;
  #over = false;

  constructor(runtime: PeerRuntime, peer: Peer, remote: RemoteIdentity, owner: HandshakeOwner) {
    this.#runtime = runtime;
    this.#peer = peer;
    this.#remote = remote;
    this.#owner = owner;
  }

  /** Says our version. */
  begin(): void {
    const { dialect, local, clock, height } = this.#runtime;
    try {
      const facts = { height: height.ask(), nowMs: clock.now(), ...localFacts(local) };
      this.#owner.open(dialect.version(facts));
    } catch (error) {
      if (!(error instanceof BehaviourFailedError)) {
        // A LocalConfig of the application's own holds what doesn't fit into a version.
        this.#runtime.faults.report('our version', this.#peer, 'version', error);
      }
      this.#fail('behaviour-error', error instanceof NeoPeerError ? error : undefined);
    }
  }

  /** Takes what came before the peer is ready. */
  receive(message: Received): void {
    if (this.#over) return;
    if (message.command === 'version') this.#versionCame(message);
    else if (message.command === 'verack') this.#verackCame();
    else this.#fail('unexpected-message');
  }

  /** No timer is left, and nothing that comes later counts. */
  stop(): void {
    this.#over = true;
    this.#verackDelay?.cancel();
  }

  #versionCame(message: Message<'version'>): void {
    if (this.#remote.hasVersion) {
      this.#fail('duplicate-version');
      return;
    }
    const facts = this.#remote.introduce(message);
    const { local, policy } = this.#runtime;
    const objection = facts.nonce === local.nonce ? 'self-connection' : policy.objection(this.#peer, facts);
    if (objection === undefined) this.#askAdmission();
    else this.#fail(objection);
  }

  #verackCame(): void {
    if (!this.#remote.hasVersion) {
      this.#fail('unexpected-message');
    } else if (this.#verackReceived) {
      this.#fail('duplicate-verack');
    } else {
      this.#verackReceived = true;
      if (this.#verackSent) this.#ready();
      else if (this.#admitted) this.#sendVerack();
    }
  }

  #askAdmission(): void {
    try {
      const verdict = this.#runtime.local.admission.admit(this.#peer);
      if (typeof verdict === 'boolean') {
        this.#decide(verdict);
      } else {
        Promise.resolve(verdict).then(
          (admitted) => this.#decide(admitted),
          (error: unknown) => this.#admissionFailed(error),
        );
      }
    } catch (error) {
      this.#admissionFailed(error);
    }
  }

  #decide(admitted: boolean): void {
    if (this.#over) return;
    if (!admitted) {
      this.#fail('refused');
      return;
    }
    this.#admitted = true;
    if (this.#verackReceived || !this.#remote.profile.reversesReads) this.#sendVerack();
    else this.#verackDelay = this.#runtime.clock.setTimeout(() => this.#sendVerack(), VERACK_DELAY_MS);
  }

  #admissionFailed(cause: unknown): void {
    this.#fail('behaviour-error', new BehaviourFailedError('PeerAdmission', 'threw', { cause }));
  }

  #sendVerack(): void {
    this.#verackDelay?.cancel();
    this.#verackSent = true;
    this.#owner.open(this.#runtime.dialect.verack());
    if (this.#verackReceived) this.#ready();
  }

  #ready(): void {
    this.stop();
    this.#owner.ready();
  }

  #fail(reason: DisconnectReason, error?: NeoPeerError): void {
    if (this.#over) return;
    this.stop();
    this.#owner.fail(reason, error);
  }
}

function localFacts(local: PeerRuntime['local']) {
  const { protocolVersion, services, nonce, userAgent, relay, port, capabilities } = local;
  return { protocolVersion, services, nonce, userAgent, relay, port, capabilities };
}
