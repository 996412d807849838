import type { Logger } from 'typeorm';

const nothing = (): void => undefined;

/**
 * TypeORM's default logger prints migrations that fail to stdout, where the CLI's output belongs; the error reaches us
 * anyway.
 *
 * @internal
 */
export const SILENT_LOGGER: Logger = Object.freeze({
  logQuery: nothing,
  logQueryError: nothing,
  logQuerySlow: nothing,
  logSchemaBuild: nothing,
  logMigration: nothing,
  log: nothing,
});
