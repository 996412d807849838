import type { INestApplicationContext, LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { PoolOptions } from '../../config/pool-options.js';
import { claimDatabase } from '../../node/database-claim.js';
import { LocalNetwork } from '../../node/local-network.js';
import { NodeModule } from '../../node/node.module.js';
import { databaseExists } from '../../node/stored-database.js';
import { readPeerRecords } from '../../node/stored-peers.js';
import type { PeerRecord } from '../../persistence/peer-record.js';
import { StoreError } from '../../persistence/store.error.js';
import type { CommandContext } from '../command-context.js';
import { EventFeed } from './event-feed.js';
import { runLogger } from './run-logger.js';
import type { RunPlan } from './run-plan.js';
import type { RunReporter } from './run-reporter.js';
import { RunSession } from './run-session.js';

/** The local network is on this machine: no limit per address holds for its peers, and none of them can be banned by itself. */
const LOOPBACK = ['127.0.0.0/8', '::1'];

/**
 * Runs a node until its end: the sync's with `exit`, else the signal's. Everything is closed, and the database saved, when
 * it returns.
 *
 * @throws NodeRunningError when another process runs one on that database
 * @internal
 */
export async function runNode(plan: RunPlan, reporter: RunReporter, context: CommandContext): Promise<void> {
  const began = context.clock.monotonic();
  const release = await claimDatabase(plan.database);
  let session: RunSession;
  try {
    session = await runOnDatabase(plan, reporter, context);
  } finally {
    await release();
  }
  reporter.report(session.summary(context.clock.monotonic() - began));
}

async function runOnDatabase(plan: RunPlan, reporter: RunReporter, context: CommandContext): Promise<RunSession> {
  const logger = runLogger(reporter, context.err);
  const local = plan.embedded ? await startLocalNetwork(plan, logger) : undefined;
  try {
    const feed = new EventFeed(reporter);
    const application = await startNode(plan, local, feed, logger);
    try {
      const session = new RunSession(plan, application, feed, reporter, context);
      await session.run(local);
      return session;
    } finally {
      reporter.finish();
      await application.close();
    }
  } finally {
    await local?.close();
  }
}

async function startLocalNetwork(plan: RunPlan, logger: LoggerService | false): Promise<LocalNetwork> {
  const records = (await databaseExists(plan.database)) ? await rememberedRecords(plan.database) : [];
  const remembered = records.filter(
    (record) => record.network === plan.network.name && record.lastSuccessAtMs !== null,
  );
  return LocalNetwork.start({ network: plan.network, remembered, logger });
}

async function rememberedRecords(database: string): Promise<readonly PeerRecord[]> {
  try {
    return await readPeerRecords(database);
  } catch (error) {
    // A first start that was killed leaves a file without tables; the node's own start makes them, or says what is wrong.
    if (error instanceof StoreError && error.problem === 'schema') return [];
    throw error;
  }
}

function startNode(
  plan: RunPlan,
  local: LocalNetwork | undefined,
  feed: EventFeed,
  logger: LoggerService | false,
): Promise<INestApplicationContext> {
  const { network, database, listen } = plan;
  const module = NodeModule.forRoot({
    network,
    database,
    ...(local === undefined ? {} : { seedFile: local.seedFile }),
    ...(listen === undefined ? {} : { listen }),
    pool: poolOf(plan, local),
    listenTo: ({ events, follower }) => {
      feed.listen(events);
      if (local === undefined) feed.follow(follower);
    },
  });
  return NestFactory.createApplicationContext(module, { logger, abortOnError: false });
}

/** Rows of earlier runs may name ports that belong to somebody else today: of the local network only our own peers are dialled. */
function poolOf({ connect }: RunPlan, local: LocalNetwork | undefined): PoolOptions {
  if (local === undefined) return { static: connect };
  return { static: local.peers.map(({ address }) => address), outbound: 0, feelerMs: 0, exempt: LOOPBACK };
}
