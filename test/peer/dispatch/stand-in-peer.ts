import type { Endpoint } from '../../../src/environment/connection.js';
import { PeerClosedError } from '../../../src/peer/errors/peer-closed.error.js';
import type { Peer, PeerState } from '../../../src/peer/peer.js';
import type { DialectName } from '../../../src/wire/common/dialect-name.js';
import type { Outgoing } from '../../../src/wire/messages.js';

/** As much of a peer as dispatching sees: what is sent to it is kept. */
export class StandInPeer {
  readonly sent: Outgoing[] = [];
  readonly network = 'legacy-privnet';
  readonly remoteAddress: Endpoint = { host: '192.0.2.1', port: 50_000 };
  version: unknown;
  state: PeerState = 'ready';
  /** Awaited before a message counts as sent. */
  readonly taken: (message: Outgoing) => Promise<void> = () => Promise.resolve();

  constructor(
    readonly id = 1,
    readonly dialect: DialectName = 'legacy',
  ) {}

  /** The same, for what takes a `Peer`. */
  get asPeer(): Peer {
    return this as unknown as Peer;
  }

  async send(message: Outgoing): Promise<void> {
    if (this.state === 'closed') throw new PeerClosedError('remote-closed');
    this.sent.push(message);
    await this.taken(message);
  }
}
