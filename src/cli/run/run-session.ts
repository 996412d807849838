import { Logger, type INestApplicationContext } from '@nestjs/common';
import { AbortedError } from '../../environment/aborted.error.js';
import { formatAddress } from '../../environment/address.js';
import type { Timer } from '../../environment/clock.js';
import { ChainSync, type SyncResult } from '../../node/chain-sync.js';
import type { LocalNetwork } from '../../node/local-network.js';
import { PeerRoster } from '../../node/peer-roster.js';
import { rosterChange } from '../../node/roster-change.js';
import { LocalConfig } from '../../peer/behaviours/local-config.js';
import { PeerPool } from '../../pool/peer-pool.js';
import type { CommandContext } from '../command-context.js';
import type { EventFeed } from './event-feed.js';
import { poolEvent } from './pool-event.js';
import type { SummaryEvent } from './run-event.js';
import type { RunPlan } from './run-plan.js';
import type { RunReporter } from './run-reporter.js';

/** How long a run waits for the peers it wants before it goes on, milliseconds: some of many take as long as dials may. */
const FIRST_PEERS_MS = 3_000;
/** Between two events on the pool, milliseconds. */
const POOL_EVERY_MS = 60_000;

/** What happens between the start and the close of a node's application. */
export class RunSession {
  readonly #logger = new Logger(RunSession.name);
  readonly #roster: PeerRoster;
  readonly #pool: PeerPool;
  #synced: SyncResult | undefined;

  constructor(
    private readonly plan: RunPlan,
    private readonly application: INestApplicationContext,
    private readonly feed: EventFeed,
    private readonly reporter: RunReporter,
    private readonly context: CommandContext,
  ) {
    this.#roster = application.get(PeerRoster);
    this.#pool = application.get(PeerPool);
  }

  /** Returns when the run is over; the application is still up then. @throws SyncError */
  async run(local: LocalNetwork | undefined): Promise<void> {
    this.#reportListeners(local);
    this.feed.release();
    const poolTimer = this.#every(POOL_EVERY_MS, () => this.reporter.report(poolEvent(this.#pool.status())));
    try {
      if (local === undefined) await this.#follow();
      else await this.#sync(local);
      if (!this.plan.exit) await this.#stay();
    } catch (error) {
      if (error instanceof AbortedError && this.context.signal.aborted) return; // Ctrl-C is how a run ends
      throw error;
    } finally {
      poolTimer.cancel();
    }
  }

  summary(ms: number): SummaryEvent {
    const { headers = 0, blocks = 0, transactions = 0, bytes = 0 } = this.#synced ?? {};
    return {
      event: 'summary',
      network: this.plan.network.name,
      peers: this.feed.handshakes,
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

  /** Waits for the peers of the local network, then fetches their chain. */
  async #sync({ chain, peers }: LocalNetwork): Promise<void> {
    await this.#firstPeers(peers.length);
    const { hash, index, timestamp } = chain.headerAt(0);
    const sync = new ChainSync({ roster: this.#roster, clock: this.context.clock, anchor: { hash, index, timestamp } });
    this.#synced = await sync.run(this.context.signal, (progress) =>
      this.reporter.report({ event: 'progress', ...progress }),
    );
    this.reporter.report({ event: 'synced', ...this.#synced });
  }

  /** Says what stands in the way of `--connect`, and waits a moment for peers. */
  async #follow(): Promise<void> {
    for (const address of this.plan.connect) {
      const { dialled, why } = this.#pool.explain(address);
      if (!dialled) this.#logger.warn(`${formatAddress(address)} is not dialled: ${why}`);
    }
    const { outbound, kept } = this.#pool.status();
    await this.#firstPeers(outbound.wanted + kept.wanted);
  }

  /** Returns when as many peers are ready, or it has taken long enough. @throws AbortedError */
  async #firstPeers(count: number): Promise<void> {
    const { clock, signal } = this.context;
    const endsAt = clock.monotonic() + FIRST_PEERS_MS;
    while (this.#roster.ready.length < count) {
      const patienceMs = endsAt - clock.monotonic();
      if (patienceMs <= 0 || !(await rosterChange({ roster: this.#roster, clock, patienceMs, signal }))) return;
    }
  }

  /** Shows the peers until the signal. */
  #stay(): Promise<void> {
    const { signal } = this.context;
    const { statusEveryMs } = this.reporter;
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const show = (): void => this.reporter.status(this.#roster.ready, this.#pool.status());
      const timer = statusEveryMs === undefined ? undefined : this.#every(statusEveryMs, show);
      signal.addEventListener('abort', () => {
        timer?.cancel();
        resolve();
      });
    });
  }

  /** Does something now and from time to time. */
  #every(ms: number, something: () => void): Timer {
    const timer = this.context.clock.setTimeout(() => {
      something();
      timer.refresh();
    }, ms);
    something();
    return timer;
  }
}
