import type { Abstract, Type } from '@nestjs/common';
import { formatAddress } from '../../environment/address.js';
import type { Endpoint } from '../../environment/connection.js';
import { PeerEvents } from '../../peer/events/peer-events.js';
import { PeerFactory } from '../../peer/peer-factory.js';
import { MemoryPeerStore } from '../../persistence/memory-peer-store.js';
import { PeerPool } from '../../pool/peer-pool.js';
import { PoolCore } from '../../pool/pool-core.js';
import type { NodeRun } from './node-run.js';
import { NodeStateError } from './node-state.error.js';

/**
 * An address in a node's book.
 *
 * @publicApi
 */
export interface KnownAddress extends Endpoint {
  /** The node has reached it; else it has only heard of it. */
  readonly isTried: boolean;
}

/**
 * A node of a `Simulator`: a place in its network with a store, and, while it is up, an application with `PeerModule`.
 *
 * @publicApi
 */
export class SimulatedNode {
  /** What it has kept. It outlives the application, as a database does. */
  readonly store: MemoryPeerStore = new MemoryPeerStore();
  /** @internal */
  run: NodeRun | undefined;
  /** @internal How often it was started. */
  starts = 0;
  /** @internal */
  dialled = 0;

  /** @internal */
  constructor(
    /** Its place among the nodes, from 0. */
    readonly index: number,
    /** Where it is, and where it listens unless it is told not to. */
    readonly address: Endpoint,
  ) {}

  /** Its IP address. */
  get host(): string {
    return this.address.host;
  }

  get isUp(): boolean {
    return this.run !== undefined;
  }

  /** Attempts to connect that it has begun, in all its runs. */
  get dials(): number {
    return this.dialled;
  }

  /** Its pool, a new one after every start. @throws NodeStateError when it is down */
  get pool(): PeerPool {
    return this.get(PeerPool);
  }

  /** Its events, new ones after every start: `Simulator.on` hears those of all runs. @throws NodeStateError when it is down */
  get events(): PeerEvents {
    return this.get(PeerEvents);
  }

  /** Dials peers and makes them. @throws NodeStateError when it is down */
  get factory(): PeerFactory {
    return this.get(PeerFactory);
  }

  /** A provider of its application. @throws NodeStateError when it is down */
  get<T>(token: Type<T> | Abstract<T> | string | symbol): T {
    if (this.run === undefined) throw new NodeStateError(this.index, 'down');
    return this.run.application.get<T>(token, { strict: false });
  }

  /** Hosts of the outbound peers that its pool has chosen itself, and that are ready. @throws NodeStateError when it is down */
  outbound(): readonly string[] {
    const links = [...this.get(PoolCore).links];
    return links
      .filter(({ kind, state }) => kind === 'automatic' && state === 'ready')
      .map(({ peer, address }) => peer?.remoteAddress.host ?? address!.host);
  }

  /** Its address book. @throws NodeStateError when it is down */
  book(): readonly KnownAddress[] {
    const { book } = this.get(PoolCore);
    return Array.from(book, (record) => {
      const { host, port } = record;
      return { host, port, isTried: book.standing(record)?.table === 'tried' };
    });
  }

  /** `host:port`. */
  toString(): string {
    return formatAddress(this.address);
  }
}
