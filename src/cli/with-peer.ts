import { NestFactory } from '@nestjs/core';
import type { NetworkDefinition } from '../config/options.js';
import type { Endpoint } from '../environment/connection.js';
import { PeerModule } from '../peer.module.js';
import { PeerFactory } from '../peer/peer-factory.js';
import type { Peer } from '../peer/peer.js';
import type { CommandContext } from './command-context.js';

/**
 * Dials one node in an application of its own, which keeps nothing, and closes it all at the end.
 *
 * @throws DialError, HandshakeError, AbortedError, and whatever `use` throws
 * @internal
 */
export async function withPeer(
  network: NetworkDefinition,
  address: Endpoint,
  { signal }: CommandContext,
  use: (peer: Peer) => Promise<void>,
): Promise<void> {
  const module = PeerModule.forRoot({ network: { ...network, seeds: [] }, persistence: { dataSource: false } });
  const application = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
  try {
    await use(await application.get(PeerFactory).dial(address, { signal }));
  } finally {
    await application.close();
  }
}
