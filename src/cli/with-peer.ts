import type { Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NetworkDefinition } from '../config/options.js';
import type { Endpoint } from '../environment/connection.js';
import { PeerModule } from '../peer.module.js';
import { PeerEvents } from '../peer/events/peer-events.js';
import { HeaderVerifier } from '../peer/header-verifier.js';
import { PeerFactory } from '../peer/peer-factory.js';
import type { Peer } from '../peer/peer.js';
import type { CommandContext } from './command-context.js';

/** A ready peer, and what the application around it gives. */
export interface DialledPeer {
  readonly peer: Peer;
  readonly verifier: HeaderVerifier;
  /** From the dial, looking up the name included, until the connection stood, milliseconds. */
  readonly connectMs: number;
  /** From there until the peer was ready, milliseconds. */
  readonly handshakeMs: number;
}

/**
 * Dials one node in an application of its own, which keeps nothing, and closes it all at the end.
 *
 * The height it tells is always 0, which is the truth: it has no block to serve. Nodes announce a block to whoever is below
 * it, so nothing is missed; and they ask for blocks only whoever is above them, so nobody asks.
 *
 * @param behaviours what the peer is to be told of, from its first message on
 * @throws DialError, HandshakeError, AbortedError, and whatever `use` throws
 * @internal
 */
export async function withPeer(
  network: NetworkDefinition,
  address: Endpoint,
  { signal, clock }: CommandContext,
  use: (dialled: DialledPeer) => Promise<void>,
  behaviours: readonly Provider[] = [],
): Promise<void> {
  const module = PeerModule.forRoot({
    network: { ...network, seeds: [] },
    persistence: { dataSource: false },
    behaviours,
  });
  const application = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
  try {
    const beganAt = clock.monotonic();
    let connectedAt = beganAt;
    application.get(PeerEvents).on('connected', () => (connectedAt = clock.monotonic()));
    const peer = await application.get(PeerFactory).dial(address, { signal });
    await use({
      peer,
      verifier: application.get(HeaderVerifier),
      connectMs: connectedAt - beganAt,
      handshakeMs: clock.monotonic() - connectedAt,
    });
  } finally {
    await application.close();
  }
}
