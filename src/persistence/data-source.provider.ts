import type { FactoryProvider, InjectionToken } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { OptionsError } from '../config/options.error.js';
import type { ResolvedPersistenceOptions } from '../config/resolved-options.js';
import { databaseLabel, dataSourceOptions, isSupportedDatabase } from './data-source.options.js';
import { StoreError } from './store.error.js';

/**
 * The name of a module's data source: `@InjectDataSource(dataSourceName('testnet'))` gives it to the application.
 *
 * @param name the module's; default `default`
 * @publicApi
 */
export function dataSourceName(name = 'default'): string {
  return `neo-peer:${name}`;
}

/**
 * Constructs the data source; nothing is opened yet.
 *
 * @returns undefined with `dataSource: false`
 * @throws OptionsError for a database we don't know
 * @throws StoreError with problem `open` when its driver isn't installed
 * @internal
 */
export function createDataSource(
  options: Pick<ResolvedPersistenceOptions, 'dataSource' | 'tablePrefix'>,
): DataSource | undefined {
  const given = options.dataSource;
  if (given === false) return undefined;
  if (!isSupportedDatabase(given.type)) {
    throw new OptionsError('persistence.dataSource.type', given.type, "'sqlite', 'better-sqlite3' or 'postgres'");
  }
  try {
    return new DataSource(dataSourceOptions(given, options));
  } catch (cause) {
    const advice =
      `there is no driver for '${given.type}'. Install its package beside nestjs-neo-peer (sqlite3, better-sqlite3 or pg); ` +
      "typeorm 1 has none for 'sqlite', use { type: 'better-sqlite3', database }";
    throw new StoreError(databaseLabel(given), 'open', advice, { cause });
  }
}

/**
 * The provider of a module's data source, under `getDataSourceToken(dataSourceName(name))`. Its value is undefined with
 * `dataSource: false`. `TypeOrmPeerStore` opens and closes it.
 *
 * @param name the module's
 * @param optionsToken gives `ResolvedPersistenceOptions`
 * @internal
 */
export function dataSourceProvider(
  name: string | undefined,
  optionsToken: InjectionToken<ResolvedPersistenceOptions>,
): FactoryProvider<DataSource | undefined> {
  return {
    provide: getDataSourceToken(dataSourceName(name)) as InjectionToken,
    useFactory: createDataSource,
    inject: [optionsToken],
  };
}
