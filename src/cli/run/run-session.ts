import type { INestApplicationContext } from '@nestjs/common';
import { AbortedError } from '../../environment/aborted.error.js';
import { formatAddress } from '../../environment/address.js';
import { withinLimits } from '../../environment/call-limits.js';
import type { Timer } from '../../environment/clock.js';
import type { Endpoint } from '../../environment/connection.js';
import { AnnouncementFollower } from '../../node/announcement-follower.js';
import { ChainSync, type SyncResult } from '../../node/chain-sync.js';
import { Redialler, type DialPlan } from '../../node/redialler.js';
import type { LocalNetwork } from '../../node/local-network.js';
import { PeerRoster } from '../../node/peer-roster.js';
import { LocalConfig } from '../../peer/behaviours/local-config.js';
import { PeerEvents } from '../../peer/events/peer-events.js';
import type { Peer } from '../../peer/peer.js';
import { PeerRecords } from '../../peer/records/peer-records.js';
import type { CommandContext } from '../command-context.js';
import type { SummaryEvent } from './run-event.js';
import type { RunPlan } from './run-plan.js';
import type { RunReporter } from './run-reporter.js';

/** Peers of a public network to be connected to besides those of `--connect`, as C# nodes and NEO-ONE have. */
const PUBLIC_PEERS = 10;
/** How long a run waits for its first round of dials, milliseconds: some of many take as long as dials may. */
const FIRST_ROUND_MS = 3_000;
/** Candidates looked at: a database may know ten thousands, and a run that needs more than these has no network. */
const MOST_CANDIDATES = 1000;

/** What happens between the start and the close of a node's application. */
export class RunSession {
  readonly #roster: PeerRoster;
  #handshakes = 0;
  #synced: SyncResult | undefined;

  constructor(
    private readonly plan: RunPlan,
    private readonly application: INestApplicationContext,
    private readonly reporter: RunReporter,
    private readonly context: CommandContext,
  ) {
    this.#roster = application.get(PeerRoster);
  }

  /** Returns when the run is over; the application is still up then. @throws SyncError */
  async run(local: LocalNetwork | undefined): Promise<void> {
    this.#reportListeners(local);
    this.#reportPeers();
    try {
      if (local === undefined) await this.#follow();
      else await this.#sync(local);
      if (!this.plan.exit) await this.#stay();
    } catch (error) {
      if (error instanceof AbortedError && this.context.signal.aborted) return; // Ctrl-C is how a run ends
      throw error;
    }
  }

  summary(ms: number): SummaryEvent {
    const { headers = 0, blocks = 0, transactions = 0, bytes = 0 } = this.#synced ?? {};
    return {
      event: 'summary',
      network: this.plan.network.name,
      peers: this.#handshakes,
      height: this.#synced?.height ?? null,
      headers,
      blocks,
      transactions,
      bytes,
      syncMs: this.#synced?.ms ?? null,
      ms: Math.round(ms),
      database: this.plan.database,
    };
  }

  #reportListeners(local: LocalNetwork | undefined): void {
    for (const { name, replaced } of local?.peers ?? []) {
      const replaces = replaced === undefined ? {} : { replaces: formatAddress(replaced) };
      this.reporter.report({ event: 'listening', address: name, ...replaces });
    }
    if (this.plan.listen === undefined) return;
    const { port } = this.application.get(LocalConfig);
    this.reporter.report({ event: 'listening', address: `0.0.0.0:${port}` });
  }

  #reportPeers(): void {
    const events = this.application.get(PeerEvents);
    const { reporter } = this;
    events.on('connected', (peer) => reporter.report({ event: 'connected', ...whoOf(peer) }));
    events.on('ready', (peer) => {
      this.#handshakes++;
      reporter.report({ event: 'ready', ...whoOf(peer), userAgent: peer.version?.userAgent, height: peer.height });
    });
    events.on('disconnected', (peer, { reason, by }) => {
      reporter.report({ event: 'disconnected', address: formatAddress(peer.remoteAddress), reason, by });
    });
    events.on('storeFailed', ({ message }) => reporter.report({ event: 'storeFailed', message }));
    events.on('storeRecovered', () => reporter.report({ event: 'storeRecovered' }));
  }

  /** Dials the peers of the local network, then fetches their chain. */
  async #sync(local: LocalNetwork): Promise<void> {
    await this.#dial(this.#localPlan(local));
    const { chain } = local;
    const { hash, index, timestamp } = chain.headerAt(0);
    const sync = new ChainSync({ roster: this.#roster, clock: this.context.clock, anchor: { hash, index, timestamp } });
    this.#synced = await sync.run(this.context.signal, (progress) =>
      this.reporter.report({ event: 'progress', ...progress }),
    );
    this.reporter.report({ event: 'synced', ...this.#synced });
  }

  /** Dials what is known of a network, and fetches the blocks that peers announce. */
  async #follow(): Promise<void> {
    this.application.get(AnnouncementFollower).onBlock((block, peer) => {
      const { hash, index, raw, transactions } = block;
      this.reporter.report({
        event: 'block',
        hash: hash.toString(),
        index,
        size: raw.length,
        transactions: transactions.length,
        address: formatAddress(peer.remoteAddress),
      });
    });
    await this.#dial({ wanted: this.plan.connect, known: this.#known(), most: PUBLIC_PEERS });
  }

  /** Rows of the database, or else of the seed file. */
  #known(): Endpoint[] {
    const known: Endpoint[] = [];
    for (const { host, port } of this.application.get(PeerRecords).rows()) {
      if (port > 0) known.push({ host, port }); // 0 doesn't listen
      if (known.length === MOST_CANDIDATES) break;
    }
    return known;
  }

  /** Returns after the first round of dials. It goes on without us where that takes too long. @throws AbortedError */
  async #dial(plan: DialPlan): Promise<void> {
    const { clock, signal } = this.context;
    let timer: Timer | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = clock.setTimeout(resolve, FIRST_ROUND_MS);
    });
    const dialled = Promise.race([this.application.get(Redialler).start(plan), patience]);
    try {
      await withinLimits(dialled, clock, { signal }, () => new AbortedError(signal.reason));
    } finally {
      timer?.cancel();
    }
  }

  /** Rows of earlier runs may name ports that belong to somebody else today: only our own peers are dialled. */
  #localPlan({ peers }: LocalNetwork): DialPlan {
    const ours = new Set(peers.map(({ name }) => name));
    const known = this.#known().filter((address) => ours.delete(formatAddress(address)));
    const wanted = peers.filter(({ name }) => ours.has(name)).map(({ address }) => address);
    return { wanted, known, most: peers.length };
  }

  /** Shows the peers until the signal. */
  #stay(): Promise<void> {
    const { clock, signal } = this.context;
    const { statusEveryMs } = this.reporter;
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const show = (): void => this.reporter.status(this.#roster.ready);
      const timer =
        statusEveryMs === undefined
          ? undefined
          : clock.setTimeout(() => {
              show();
              timer?.refresh();
            }, statusEveryMs);
      if (timer !== undefined) show();
      signal.addEventListener('abort', () => {
        timer?.cancel();
        resolve();
      });
    });
  }
}

function whoOf(peer: Peer): { address: string; direction: 'inbound' | 'outbound' } {
  return { address: formatAddress(peer.remoteAddress), direction: peer.direction };
}
