import type { INestApplicationContext, LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { LocalNetwork } from '../../node/local-network.js';
import { NodeModule } from '../../node/node.module.js';
import { databaseExists, readPeerRecords } from '../../node/stored-peers.js';
import type { PeerRecord } from '../../persistence/peer-record.js';
import { StoreError } from '../../persistence/store.error.js';
import { CliLogger } from '../cli-logger.js';
import type { CommandContext } from '../command-context.js';
import { JsonReporter } from './json-reporter.js';
import type { RunPlan } from './run-plan.js';
import type { RunReporter } from './run-reporter.js';
import { RunSession } from './run-session.js';

/**
 * Runs a node until its end: the sync's with `exit`, else the signal's. Everything is closed, and the database saved, when
 * it returns.
 *
 * @internal
 */
export async function runNode(plan: RunPlan, reporter: RunReporter, context: CommandContext): Promise<void> {
  const began = context.clock.monotonic();
  // With --json, stderr is for the one error object.
  const logger = reporter instanceof JsonReporter ? false : new CliLogger(context.err);
  const local = plan.embedded ? await startLocalNetwork(plan, logger) : undefined;
  let session: RunSession | undefined;
  try {
    const application = await startNode(plan, local, logger);
    try {
      session = new RunSession(plan, application, reporter, context);
      await session.run(local);
    } finally {
      reporter.finish();
      await application.close();
    }
  } finally {
    await local?.close();
  }
  reporter.report(session.summary(context.clock.monotonic() - began));
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
  logger: LoggerService | false,
): Promise<INestApplicationContext> {
  const { network, database, listen } = plan;
  const module = NodeModule.forRoot({
    network,
    database,
    ...(local === undefined ? {} : { seedFile: local.seedFile }),
    ...(listen === undefined ? {} : { listen }),
  });
  return NestFactory.createApplicationContext(module, { logger, abortOnError: false });
}
