import { Logger } from '@nestjs/common';
import type { NetworkName } from '../config/options.js';
import { changeBans, readBans, type StoredBansPlace } from '../node/stored-bans.js';
import type { Ban } from '../persistence/ban.js';
import type { BanList } from '../pool/bans/ban-list.js';
import { CliLogger } from './cli-logger.js';
import type { CommandContext } from './command-context.js';

/** What every command on bans is told. */
export interface BanDatabaseOptions {
  readonly network: NetworkName;
  readonly db: string;
  readonly json?: true;
}

/**
 * The bans of the network that a command is about. To be imported late: Nest and TypeORM take long to load.
 *
 * @throws NodeRunningError, StoreError
 * @internal
 */
export function listStoredBans(options: BanDatabaseOptions, context: CommandContext): Promise<readonly Ban[]> {
  return readBans(placeOf(options, context));
}

/**
 * Changes them.
 *
 * @throws NodeRunningError, StoreError, and what `change` throws; nothing is changed then
 * @internal
 */
export function changeStoredBans<T>(
  options: BanDatabaseOptions,
  context: CommandContext,
  change: (bans: BanList) => T,
): Promise<T> {
  return changeBans(placeOf(options, context), change);
}

/** There is no application that would say where log lines go: with --json, stderr is for the one error object. */
function placeOf({ network, db, json }: BanDatabaseOptions, { clock, err }: CommandContext): StoredBansPlace {
  Logger.overrideLogger(json === true ? false : new CliLogger(err));
  return { network, database: db, clock };
}
