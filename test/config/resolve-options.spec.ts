import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { DEFAULTS, POOL_DEFAULTS } from '../../src/config/defaults.js';
import { NETWORKS, networkOf } from '../../src/config/networks.js';
import { OptionsError } from '../../src/config/options.error.js';
import { resolveOptions } from '../../src/config/resolve-options.js';

const network = 'legacy-privnet';
const definition = {
  name: 'mine',
  dialect: 'legacy',
  magic: 1,
  port: 20333,
  seeds: ['node.example:20333', '[::1]:20333'],
};

function refusal(options: unknown): OptionsError {
  try {
    resolveOptions(options);
  } catch (error) {
    if (error instanceof OptionsError) return error;
    throw error;
  }
  throw new Error('the options were taken');
}

describe('options', () => {
  it('fills in every default when only the network is given', () => {
    expect(resolveOptions({ network })).toEqual({
      ...DEFAULTS,
      network: networkOf(network),
      nonce: undefined,
      announcePort: undefined,
      persistence: { ...DEFAULTS.persistence, seedFile: undefined },
    });
  });

  it('keeps what is given and fills in the rest of a group', () => {
    const resolved = resolveOptions({
      network,
      userAgent: '/mine:1/',
      nonce: 7,
      services: 0n,
      relay: false,
      archival: true,
      compression: false,
      listen: { port: 0 },
      announcePort: 10333,
      timeouts: { idleMs: 1 },
      limits: { inboxMessages: 3 },
      persistence: { dataSource: false, tablePrefix: '' },
      pool: false,
    });
    expect(resolved).toMatchObject({
      userAgent: '/mine:1/',
      nonce: 7,
      services: 0n,
      relay: false,
      archival: true,
      compression: false,
      listen: { port: 0 },
      announcePort: 10333,
    });
    expect(resolved.timeouts).toEqual({ ...DEFAULTS.timeouts, idleMs: 1 });
    expect(resolved.limits).toEqual({ ...DEFAULTS.limits, inboxMessages: 3 });
    expect(resolved.persistence).toEqual({
      ...DEFAULTS.persistence,
      dataSource: false,
      tablePrefix: '',
      seedFile: undefined,
    });
  });

  it('has a pool with every default where one is asked for, and rates beside those given', () => {
    expect(resolveOptions({ network, pool: {} }).pool).toEqual(POOL_DEFAULTS);
    const ping = { perSecond: 5, burst: 50 };
    const given = { outbound: 2, exempt: ['::1', '10.0.0.0/8'], static: ['a:1', { host: '::1', port: 2 }] };
    const resolved = resolveOptions({ network, pool: { ...given, dryRun: undefined, rates: { ping } } });
    expect(resolved.pool).toEqual({ ...POOL_DEFAULTS, ...given, rates: { ...POOL_DEFAULTS.rates, ping } });
  });

  it('takes an option that is undefined as one not given', () => {
    const resolved = resolveOptions({
      network,
      userAgent: undefined,
      timeouts: { idleMs: undefined },
      persistence: undefined,
    });
    expect(resolved.userAgent).toBe(DEFAULTS.userAgent);
    expect(resolved.timeouts.idleMs).toBe(DEFAULTS.timeouts.idleMs);
    expect(resolved.persistence.dataSource).toEqual(DEFAULTS.persistence.dataSource);
  });

  it('gives options that nobody can change', () => {
    const mine = { ...definition, seeds: [...definition.seeds] };
    const resolved = resolveOptions({ network: mine });
    mine.seeds.push('late.example:1');
    expect(resolved.network.seeds).toEqual(definition.seeds);
    for (const part of [
      resolved,
      resolved.network,
      resolved.network.seeds,
      resolved.timeouts,
      resolved.limits,
      resolved.persistence,
    ]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it.each(Object.values(NETWORKS))('knows $name by name', (known) => {
    expect(resolveOptions({ network: known.name }).network).toBe(known);
  });

  it.each(['legacy', 'n3'])('takes a definition of dialect %s, with a genesis block or without one', (dialect) => {
    const mine = { ...definition, dialect };
    expect(resolveOptions({ network: mine }).network).toEqual(mine);
    const known = { ...mine, genesis: 'ab'.repeat(32) };
    expect(resolveOptions({ network: known }).network).toEqual(known);
  });

  it.each([
    { type: 'sqlite', database: 'a.sqlite', busyTimeout: 1 },
    { type: 'better-sqlite3', database: 'a.sqlite' },
    { type: 'postgres', url: 'postgres://localhost/x', synchronize: false },
  ])('takes a data source of type $type as it is', (dataSource) => {
    expect(resolveOptions({ network, persistence: { dataSource } }).persistence.dataSource).toEqual(dataSource);
  });

  it('announces the version of the package by default', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(DEFAULTS.userAgent).toBe(`/nestjs-neo-peer:${version}/`);
  });

  it.each<[path: string, options: unknown, value: unknown, allowed: RegExp]>([
    ['', undefined, undefined, /an object with network, userAgent/],
    ['', 'legacy-mainnet', 'legacy-mainnet', /an object/],
    ['network', {}, undefined, /'legacy-mainnet', 'legacy-testnet', 'legacy-privnet', 'legacy-local'/],
    [
      'network',
      { network: 'n3' },
      'n3',
      /'n3-mainnet', 'n3-testnet', 'n3-neofs-mainnet', 'n3-neofs-testnet', 'n3-privnet', 'n3-local'$/,
    ],
    ['network', { network: 'mainnet' }, 'mainnet', /'legacy-mainnet'/],
    ['network', { network: null }, null, /'legacy-mainnet'/],
    ['network.magic', { network: { ...definition, magic: -1 } }, -1, /0 to 4294967295/],
    ['network.name', { network: { ...definition, name: '' } }, '', /1 to 50/],
    ['network.dialect', { network: { ...definition, dialect: 'n4' } }, 'n4', /^'legacy', 'n3'$/],
    ['network.port', { network: { ...definition, port: 0 } }, 0, /1 to 65535/],
    ['network.seeds', { network: { ...definition, seeds: 'a:1' } }, 'a:1', /a list of "host:port"/],
    ['network.seeds[1]', { network: { ...definition, seeds: ['a:1', 'b'] } }, 'b', /"host:port"/],
    ['network.seeds[0]', { network: { ...definition, seeds: ['a:65536'] } }, 'a:65536', /65535/],
    ['network.seeds[0]', { network: { ...definition, seeds: ['[nothing]:1'] } }, '[nothing]:1', /"host:port"/],
    ['network.seeds[0]', { network: { ...definition, seeds: ['me@host:1'] } }, 'me@host:1', /"host:port"/],
    ['network.genesis', { network: { ...definition, genesis: '0x12' } }, '0x12', /64 hex digits/],
    ['network.colour', { network: { ...definition, colour: 'red' } }, 'red', /there are name, dialect/],
    ['userAgent', { network, userAgent: 'é'.repeat(513) }, 'é'.repeat(513), /1024 bytes/],
    ['userAgent', { network, userAgent: 5 }, 5, /1024 bytes/],
    ['nonce', { network, nonce: 2 ** 32 }, 2 ** 32, /0 to 4294967295/],
    ['nonce', { network, nonce: Number.NaN }, Number.NaN, /whole number/],
    ['protocolVersion', { network, protocolVersion: 0.5 }, 0.5, /whole number/],
    ['services', { network, services: 1 }, 1, /a bigint from 0n/],
    ['services', { network, services: 1n << 64n }, 1n << 64n, /18446744073709551615n/],
    ['relay', { network, relay: 'yes' }, 'yes', /true or false/],
    ['archival', { network, archival: 1 }, 1, /true or false/],
    ['compression', { network, compression: 'lz4' }, 'lz4', /true or false/],
    ['listen', { network, listen: true }, true, /false or \{ host\?, port \}/],
    ['listen.port', { network, listen: { port: 65_536 } }, 65_536, /0 to 65535/],
    ['listen.port', { network, listen: {} }, undefined, /0 to 65535/],
    ['listen.host', { network, listen: { host: '', port: 1 } }, '', /an IP address or host name/],
    ['announcePort', { network, announcePort: '10333' }, '10333', /0 to 65535/],
    ['timeouts.idleMs', { network, timeouts: { idleMs: 0 } }, 0, /1 to 2147483647 \(milliseconds\)/],
    ['timeouts.keepaliveMs', { network, timeouts: { keepaliveMs: -1 } }, -1, /0 to 2147483647/],
    ['timeouts.handshake', { network, timeouts: { handshake: 1 } }, 1, /there are handshakeMs, idleMs/],
    ['timeouts', { network, timeouts: 5 }, 5, /an object with handshakeMs/],
    ['limits.inboxBytes', { network, limits: { inboxBytes: 0 } }, 0, /1 to 1099511627776 \(bytes\)/],
    ['limits.outboxMessages', { network, limits: { outboxMessages: '9' } }, '9', /\(messages\)/],
    [
      'persistence.dataSource',
      { network, persistence: { dataSource: true } },
      true,
      /false, or TypeORM options of type sqlite/,
    ],
    [
      'persistence.dataSource.type',
      { network, persistence: { dataSource: { type: 'mysql' } } },
      'mysql',
      /'sqlite', 'better-sqlite3', 'postgres'/,
    ],
    [
      'persistence.dataSource.synchronize',
      { network, persistence: { dataSource: { type: 'sqlite', database: 'a', synchronize: true } } },
      true,
      /migrations only/,
    ],
    [
      'persistence.dataSource.dropSchema',
      { network, persistence: { dataSource: { type: 'sqlite', database: 'a', dropSchema: true } } },
      true,
      /migrations only/,
    ],
    ['persistence.seedFile', { network, persistence: { seedFile: '' } }, '', /a path/],
    ['persistence.saveIntervalMs', { network, persistence: { saveIntervalMs: 2 ** 31 } }, 2 ** 31, /1 to 2147483647/],
    [
      'persistence.onStoreFailure',
      { network, persistence: { onStoreFailure: 'ignore' } },
      'ignore',
      /'throw', 'degrade'/,
    ],
    ['persistence.tablePrefix', { network, persistence: { tablePrefix: 'a b' } }, 'a b', /letters, digits and "_"/],
    ['persistence.interval', { network, persistence: { interval: 1 } }, 1, /no such option/],
    ['pool', { network, pool: true }, true, /^false/],
    ['pool.slots', { network, pool: { slots: 8 } }, 8, /no such option; there are outbound, maxInbound/],
    ['pool.outbound', { network, pool: { outbound: 1.5 } }, 1.5, /from 0 to 1000000/],
    ['pool.maxPerAddress', { network, pool: { maxPerAddress: 0 } }, 0, /from 1 to/],
    ['pool.acceptPerSecond', { network, pool: { acceptPerSecond: 0 } }, 0, /above 0/],
    ['pool.dialsPerSecond', { network, pool: { dialsPerSecond: Infinity } }, Infinity, /above 0/],
    ['pool.exempt[1]', { network, pool: { exempt: ['::1', '10.0.0.0/33'] } }, '10.0.0.0/33', /CIDR/],
    ['pool.static[0]', { network, pool: { static: ['10.0.0.1'] } }, '10.0.0.1', /host:port/],
    ['pool.static[0]', { network, pool: { static: [{ host: 'a', port: 0 }] } }, { host: 'a', port: 0 }, /host:port/],
    ['pool.bookRows', { network, pool: { bookRows: 49 } }, 49, /from 50 to/],
    ['pool.gossip.burst', { network, pool: { gossip: { perSecond: 1, burst: 0 } } }, 0, /from 1 to/],
    ['pool.gossip.burst', { network, pool: { gossip: { perSecond: 1 } } }, undefined, /from 1 to/],
    ['pool.brake.share', { network, pool: { brake: { share: 0, windowMs: 1 } } }, 0, /above 0, at most 1/],
    ['pool.brake.windowMs', { network, pool: { brake: { share: 1, windowMs: 0 } } }, 0, /milliseconds/],
    ['pool.rates.ping.perSecond', { network, pool: { rates: { ping: { perSecond: -1, burst: 1 } } } }, -1, /above 0/],
    [
      'pool.rates.pings',
      { network, pool: { rates: { pings: { perSecond: 1, burst: 1 } } } },
      { perSecond: 1, burst: 1 },
      /commands: .*ping/,
    ],
    ['netwrok', { network, netwrok: 'legacy-mainnet' }, 'legacy-mainnet', /no such option; there are network/],
  ])('refuses %s when it is wrong, naming value and what is allowed', (path, options, value, allowed) => {
    const error = refusal(options);
    expect({ code: error.code, path: error.path, value: error.value }).toEqual({
      code: 'NEO_PEER_OPTIONS',
      path,
      value,
    });
    expect(error.allowed).toMatch(allowed);
    expect(error.message).toContain(error.allowed);
  });
});
