import { UnsupportedByDialectError } from '../../src/peer/errors/unsupported-by-dialect.error.js';
import { PeerEventBus } from '../../src/peer/events/peer-event-bus.js';
import type { Found, Peer } from '../../src/peer/peer.js';
import type { Chain } from '../../src/node/chain.js';
import type { BlockHeader } from '../../src/wire/common/block-header.js';
import type { Block } from '../../src/wire/common/block.js';
import type { DialectName } from '../../src/wire/common/dialect-name.js';
import type { ChainPosition } from '../../src/wire/common/dialect.js';
import { HashList } from '../../src/wire/primitives/hash-list.js';
import type { UInt256 } from '../../src/wire/primitives/uint256.js';

/** How a {@link ChainPeer} differs from a good one. */
export interface ChainPeerFaults {
  /** What it says its height is. */
  readonly height?: number;
  /** Ends its headers before that index. */
  readonly headersEnd?: number;
  /** Throws this instead of giving the header of that index. */
  readonly failsAt?: number;
  /** Gives this instead of a header. */
  readonly lie?: (header: BlockHeader) => BlockHeader;
  /** Whether it has that block. Default: all. */
  readonly has?: (index: number) => boolean;
  /** Rejects every request for blocks with this. */
  readonly blocksError?: Error;
}

/** The part of a peer that a sync uses, over a chain, without any network. */
export class ChainPeer {
  /** Sizes of the requests for blocks that came. */
  readonly requested: number[] = [];
  readonly height: number;
  readonly dialect: DialectName;
  disconnects = 0;

  constructor(
    private readonly chain: Chain,
    private readonly events: PeerEventBus,
    private readonly faults: ChainPeerFaults = {},
  ) {
    this.height = faults.height ?? chain.height;
    this.dialect = chain.blockAt(0).dialect;
  }

  get asPeer(): Peer {
    return this as unknown as Peer;
  }

  ready(): this {
    this.events.emit('ready', this.asPeer);
    return this;
  }

  async *headers(from: ChainPosition): AsyncIterable<BlockHeader> {
    const { headersEnd = Infinity, failsAt, lie = (header) => header } = this.faults;
    const first = this.#firstOf(from);
    for (let index = first; index < Math.min(headersEnd, this.chain.height + 1); index++) {
      if (index === failsAt) throw new Error('failed');
      yield lie(this.chain.headerAt(index));
    }
  }

  async requestBlocks(hashes: Iterable<UInt256>): Promise<Found<Block>> {
    const { has = () => true, blocksError } = this.faults;
    const list = HashList.of(hashes);
    this.requested.push(list.length);
    if (blocksError !== undefined) throw blocksError;
    const found: Block[] = [];
    const missing: UInt256[] = [];
    for (const hash of list) {
      const index = this.chain.indexOf(hash);
      if (index !== undefined && has(index)) found.push(this.chain.blockAt(index));
      else missing.push(hash);
    }
    return { found, missing };
  }

  /** Height of the first header asked for. */
  #firstOf(from: ChainPosition): number {
    const supported = 'after' in from ? 'legacy' : 'n3';
    if (supported !== this.dialect) throw new UnsupportedByDialectError(this.dialect, 'headers');
    return 'after' in from ? this.chain.indexOf(from.after)! + 1 : from.index;
  }

  async disconnect(): Promise<void> {
    this.disconnects++;
    this.events.emit('disconnected', this.asPeer, { reason: 'local', by: 'us', atMs: 0 });
  }
}
