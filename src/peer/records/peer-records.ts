import type { NetworkDefinition } from '../../config/options.js';
import { AbortedError } from '../../environment/aborted.error.js';
import { plainHost } from '../../environment/address.js';
import type { Clock } from '../../environment/clock.js';
import type { Endpoint } from '../../environment/connection.js';
import type { PeerKey, PeerRecord, PeerSource } from '../../persistence/peer-record.js';
import { recordKey } from '../../persistence/stored-rows.js';
import { dialectOf } from '../../wire/messages.js';
import type { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';
import type { Disconnection } from '../disconnection.js';
import { HandshakeError } from '../errors/handshake.error.js';
import type { PeerEvents } from '../events/peer-events.js';
import type { Peer } from '../peer.js';
import { DialObserver } from './dial-observer.js';
import { MAX_RECORDS, mergedRecord, RecordTable, type MutableRecord, type RecordWatcher } from './record-table.js';

/**
 * What is known of the network's addresses, kept in memory as it is learnt: from dials, and from the events of peers.
 * Nothing here waits for the store; `SaveTask` takes the changed rows from time to time.
 *
 * Peers we dialled are kept under the address as it was asked for, so host names stay names; others under their host and
 * the port they announced (0: one row a host).
 *
 * @internal
 */
export class PeerRecords extends DialObserver {
  readonly #table: RecordTable;
  /** The row of each peer that has one, for as long as somebody holds the peer. */
  readonly #addresses = new WeakMap<Peer, Endpoint>();
  readonly #live = new Set<Peer>();
  /** Rows of a restore that broke off, by key: they are in already and must not be merged with themselves. */
  #alreadyIn = new Set<string>();
  /** Likewise those of the restore that is under way which were merged with what was learnt before. */
  readonly #merged = new Set<string>();
  readonly #offSwitches: (() => void)[];

  constructor(
    network: NetworkDefinition,
    private readonly clock: Clock,
    events: PeerEvents,
    private readonly maximum: number = MAX_RECORDS,
  ) {
    super();
    this.#table = new RecordTable(network.name, maximum);
    this.#offSwitches = [
      events.on('ready', (peer) => this.#ready(peer)),
      events.on('disconnected', (peer, disconnection) => this.#disconnected(peer, disconnection)),
    ];
  }

  get size(): number {
    return this.#table.size;
  }

  /** Copies of all rows, those touched last at the end, before them those of the store, the best ones first. */
  rows(): IterableIterator<PeerRecord> {
    return this.#table[Symbol.iterator]();
  }

  /** Tells somebody of every row that comes and goes from now on. */
  watch(watcher: RecordWatcher): void {
    this.#table.watch(watcher);
  }

  /** A copy of one row. */
  find(address: Endpoint): PeerRecord | undefined {
    const row = this.#table.find(address.host, address.port);
    return row && { ...row };
  }

  /** A row itself, which changes as more is learnt. */
  rowOf(address: Endpoint): PeerRecord | undefined {
    return this.#table.find(address.host, address.port);
  }

  /** The row a peer is kept under, also when it is closed; undefined before it is ready, unless we dialled it. */
  addressOf(peer: Peer): Endpoint | undefined {
    return this.#addresses.get(peer);
  }

  /**
   * Takes in rows of the store, as they come; rows that were learnt meanwhile are merged.
   *
   * @param cameIn told how many have come in, after each
   * @returns how many there were
   * @throws StoreError of the store; the rows before it are in then, and stay as they are when it is called again
   */
  async restore(stored: AsyncIterable<PeerRecord>, cameIn?: (count: number) => void): Promise<number> {
    let count = 0;
    try {
      for await (const row of stored) {
        if (count++ < this.maximum) this.#restoreRow(row);
        else this.#table.disown(row); // the store has the best ones first
        cameIn?.(count);
      }
    } catch (error) {
      this.#alreadyIn = new Set([...this.#merged, ...this.#table.restoredKeys()]);
      throw error;
    }
    this.#alreadyIn.clear();
    this.#merged.clear();
    return count;
  }

  /** Takes in the addresses to begin with. What was known of them stays, but from now on they are seeds. */
  plant(seeds: Iterable<Endpoint>): void {
    for (const { host, port } of seeds) this.#touch({ host, port }, 'seed').source = 'seed';
  }

  /**
   * Takes in an address that somebody told of.
   *
   * @param learntFrom host of the one who told
   * @returns its row, and whether it is new
   */
  learn(address: Endpoint, learntFrom: string): { readonly row: PeerRecord; readonly isNew: boolean } {
    const known = this.#table.find(address.host, address.port);
    if (known !== undefined) return { row: known, isNew: false };
    return { row: this.#table.touch(address.host, address.port, 'gossip', this.clock.now(), learntFrom), isNew: true };
  }

  /** Notes that one more has told of an address. */
  toldAgain(address: Endpoint): void {
    const row = this.#table.find(address.host, address.port);
    if (row !== undefined) this.#touch(row, row.source).sources = (row.sources ?? 1) + 1;
  }

  /** Notes that an address isn't to be dialled before that time; null lifts it. */
  postpone(address: Endpoint, nextDialAtMs: number | null): void {
    const row = this.#table.find(address.host, address.port);
    if (row !== undefined && (row.nextDialAtMs ?? null) !== nextDialAtMs) {
      this.#touch(row, row.source).nextDialAtMs = nextDialAtMs;
    }
  }

  /** Forgets an address, in the store too. */
  forget(address: Endpoint): void {
    this.#table.forget(address.host, address.port);
  }

  /** The rows that changed since the last time, those of live peers brought up to date. */
  takeChanged(): PeerRecord[] {
    for (const peer of this.#live) {
      const address = this.#addresses.get(peer);
      if (address && peer.state === 'ready') this.#refresh(peer, address);
    }
    return this.#table.takeChanged();
  }

  /** The keys of rows that were forgotten since the last time. */
  takeForgotten(): PeerKey[] {
    return this.#table.takeForgotten();
  }

  /** It could not be saved: it will be taken again. */
  giveBack(rows: Iterable<PeerRecord>, forgotten: Iterable<PeerKey> = []): void {
    this.#table.giveBack(rows, forgotten);
  }

  /**
   * Finds what a store lacks that was away: it may be another one now, empty or older. That counts as changed.
   *
   * @throws StoreError of the store
   */
  async compare(stored: AsyncIterable<PeerRecord>): Promise<void> {
    await this.#table.compare(stored);
  }

  /** Listens to no more events. */
  stop(): void {
    for (const off of this.#offSwitches.splice(0)) off();
  }

  override attempted(address: Endpoint): void {
    const row = this.#touch(address, 'manual');
    row.attempts++;
    row.lastAttemptAtMs = this.clock.now();
  }

  override connected(address: Endpoint, peer: Peer): void {
    this.#addresses.set(peer, { host: address.host, port: address.port });
  }

  override succeeded(address: Endpoint): void {
    this.#touch(address, 'manual').failuresInARow = 0;
  }

  override failed(address: Endpoint, error: NeoPeerError): void {
    if (wasGivenUp(error)) return;
    this.#touch(address, 'manual').failuresInARow++;
  }

  #restoreRow(row: PeerRecord): void {
    const key = recordKey(row.host, row.port);
    if (this.#alreadyIn.has(key)) return;
    const learnt = this.#table.find(row.host, row.port);
    if (learnt === undefined) return this.#table.put(row);
    this.#merged.add(key);
    const merged = mergedRecord(row, learnt);
    Object.assign(this.#table.touch(row.host, row.port, row.source, row.firstSeenAtMs), merged);
  }

  #ready(peer: Peer): void {
    const address = this.#addresses.get(peer) ?? foundAddress(peer);
    this.#addresses.set(peer, address);
    this.#live.add(peer);
    const row = this.#touch(address, peer.direction === 'inbound' ? 'inbound' : 'manual');
    if (peer.direction === 'outbound') Object.assign(row, { lastSuccessAtMs: this.clock.now(), failuresInARow: 0 });
    const { version } = peer;
    if (version !== undefined) {
      const facts = dialectOf(peer.dialect).remoteFacts(version);
      row.services = facts.services;
      row.userAgent = facts.userAgent;
      row.protocolVersion = facts.protocolVersion;
    }
    this.#refresh(peer, address);
  }

  #disconnected(peer: Peer, { reason }: Disconnection): void {
    this.#live.delete(peer);
    const address = this.#addresses.get(peer);
    const row = address && this.#table.find(address.host, address.port);
    if (address === undefined || row === undefined) return;
    if (peer.version !== undefined) this.#refresh(peer, address);
    this.#touch(address, row.source).lastDisconnectReason = reason;
  }

  #refresh(peer: Peer, address: Endpoint): void {
    const row = this.#table.find(address.host, address.port);
    const latencyMs = peer.latencyMs ?? row?.latencyMs ?? null;
    const { lastSeenAtMs, height } = peer;
    if (row?.lastSeenAtMs === lastSeenAtMs && row.lastHeight === height && row.latencyMs === latencyMs) return;
    const touched = this.#touch(address, row?.source ?? (peer.direction === 'inbound' ? 'inbound' : 'manual'));
    Object.assign(touched, { lastSeenAtMs, lastHeight: height, latencyMs });
  }

  #touch(address: Endpoint, source: PeerSource): MutableRecord {
    return this.#table.touch(address.host, address.port, source, this.clock.now());
  }
}

/** By the caller, or by the module when it stops: that tells nothing of the address. */
function wasGivenUp(error: NeoPeerError): boolean {
  if (error instanceof HandshakeError) return error.reason === 'local' || error.reason === 'shutdown';
  return error instanceof AbortedError || error.cause instanceof AbortedError;
}

/** Of a peer that nobody dialled through the factory. */
function foundAddress(peer: Peer): Endpoint {
  const host = plainHost(peer.remoteAddress.host);
  if (peer.direction === 'outbound') return { host, port: peer.remoteAddress.port };
  return { host, port: peer.dialAddress?.port ?? 0 };
}
