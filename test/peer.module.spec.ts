import { afterEach, describe, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { getDataSourceToken } from '@nestjs/typeorm';
import { NETWORKS } from '../src/config/networks.js';
import { OptionsError } from '../src/config/options.error.js';
import type { PeerOptions, PeerOptionsFactory } from '../src/config/options.js';
import { HeaderHandler } from '../src/peer/behaviours/announcement-handlers.js';
import { provideBehaviour } from '../src/peer/behaviours/behaviour.js';
import { PingHandler } from '../src/peer/behaviours/connection-handlers.js';
import { HeightProvider } from '../src/peer/behaviours/height-provider.js';
import { LocalConfig } from '../src/peer/behaviours/local-config.js';
import { OnCommand } from '../src/peer/behaviours/on-command.decorator.js';
import { PeerAdmission } from '../src/peer/behaviours/peer-admission.js';
import { PeerEvents } from '../src/peer/events/peer-events.js';
import { HeaderVerifier } from '../src/peer/header-verifier.js';
import { PeerFactory } from '../src/peer/peer-factory.js';
import { PeerStatistics } from '../src/peer/statistics/peer-statistics.js';
import { getPeerToken, InjectPeer } from '../src/peer/tokens.js';
import type { PeerModuleAsyncOptions, PeerModuleExtras } from '../src/peer-module.options.js';
import { PeerModule } from '../src/peer.module.js';
import { MemoryPeerStore } from '../src/persistence/memory-peer-store.js';
import { PeerStore } from '../src/persistence/peer-store.js';
import { PingPayload } from '../src/wire/legacy/index.js';
import type { Outgoing } from '../src/wire/messages.js';
import { MEMORY_OPTIONS as options, PeerApplication, type PeerApplicationOptions } from './support/peer-application.js';

const open: PeerApplication[] = [];

afterEach(async () => {
  for (const application of open.splice(0)) await application.close();
});

async function start(
  ...given: [modules: Parameters<typeof PeerApplication.start>[0], options?: PeerApplicationOptions]
) {
  const application = await PeerApplication.start(...given);
  open.push(application);
  return application;
}

async function refusal(
  module: Parameters<typeof PeerApplication.start>[0],
  given?: PeerApplicationOptions,
): Promise<OptionsError> {
  const error: unknown = await PeerApplication.start(module, given).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(OptionsError);
  return error as OptionsError;
}

@Injectable()
class Settings {
  readonly agent = '/from-settings:1/';
}

@Module({ providers: [Settings], exports: [Settings] })
class SettingsModule {}

@Injectable()
class SettingsOptions implements PeerOptionsFactory {
  constructor(readonly settings: Settings) {}
  createPeerOptions(): Promise<PeerOptions> {
    return Promise.resolve({ ...options, userAgent: this.settings.agent });
  }
}

@Module({ imports: [SettingsModule], providers: [SettingsOptions], exports: [SettingsOptions] })
class SettingsOptionsModule {}

@Injectable()
class Height extends HeightProvider {
  height(): number {
    return 42;
  }
}

describe('PeerModule.forRoot', () => {
  it('provides what applications inject, by its class', async () => {
    const { module } = await start(PeerModule.forRoot(options));
    for (const type of [PeerFactory, PeerEvents, PeerStatistics, PeerStore, LocalConfig, HeaderVerifier])
      expect(module.get(type)).toBeInstanceOf(type);
    expect(module.get(LocalConfig)).toMatchObject({
      network: NETWORKS['legacy-privnet'],
      relay: true,
      services: 1n,
      port: 0,
      capabilities: [],
    });
    expect(module.get(getDataSourceToken('neo-peer:default') as string)).toBeUndefined();
  });

  it('lets whoever imports it inject them, and nobody else', async () => {
    @Injectable()
    class Service {
      constructor(readonly factory: PeerFactory) {}
    }
    @Module({ providers: [Service] })
    class FeatureModule {}
    await expect(PeerApplication.start([PeerModule.forRoot(options), { module: FeatureModule }])).rejects.toThrow(
      /PeerFactory/,
    );
    const { module } = await start({ module: FeatureModule, imports: [PeerModule.forRoot(options)] });
    expect(module.get(Service).factory).toBe(module.get(PeerFactory));
  });

  it.each(['forRoot', 'forRootAsync'] as const)('is visible everywhere with isGlobal, by %s', async (form) => {
    @Injectable()
    class Service {
      constructor(readonly factory: PeerFactory) {}
    }
    @Module({ providers: [Service] })
    class FeatureModule {}
    const peerModule =
      form === 'forRoot'
        ? PeerModule.forRoot({ ...options, isGlobal: true })
        : PeerModule.forRootAsync({ useFactory: () => options, isGlobal: true });
    const { module } = await start([peerModule, { module: FeatureModule }]);
    expect(module.get(Service).factory).toBeInstanceOf(PeerFactory);
  });

  it('gives behaviours what imports and extraProviders have', async () => {
    @Injectable()
    class Pings extends PingHandler {
      constructor(
        readonly settings: Settings,
        readonly factory: PeerFactory,
        readonly height: Height,
      ) {
        super();
      }
      handle(): void {}
    }
    const { module } = await start(
      PeerModule.forRoot({ ...options, behaviours: [Pings], imports: [SettingsModule], extraProviders: [Height] }),
    );
    expect(module.get(Pings)).toMatchObject({ settings: { agent: '/from-settings:1/' }, height: new Height() });
    expect(module.get(Pings).factory).toBe(module.get(PeerFactory));
  });

  it('takes a height provider and an admission that need the factory', async () => {
    @Injectable()
    class Chain extends HeightProvider {
      constructor(readonly factory: PeerFactory) {
        super();
      }
      height(): number {
        return 1234;
      }
    }
    @Injectable()
    class Admission extends PeerAdmission {
      constructor(readonly events: PeerEvents) {
        super();
      }
      admit(): boolean {
        return true;
      }
    }
    const application = await start(PeerModule.forRoot({ ...options, behaviours: [Chain, Admission] }));
    const { remote } = await application.dialled();
    expect(remote.received[0]).toMatchObject({ payload: { startHeight: 1234 } });
    expect(application.module.get(LocalConfig).height).toBe(application.module.get(Chain));
    expect(application.module.get(LocalConfig).admission).toBe(application.module.get(Admission));
  });

  it.each<[path: string, given: PeerModuleExtras | object, allowed: RegExp]>([
    ['network', { network: 'mainnet' }, /'legacy-mainnet'/],
    ['timeouts.idleMs', { timeouts: { idleMs: 0 } }, /milliseconds/],
    ['pool', { pool: true as never }, /^false/],
    ['pool.outbound', { pool: { outbound: -1 } }, /from 0 to/],
    ['nmae', { nmae: 'x' }, /no such option/],
    ['name', { name: 'two words' }, /1 to 50/],
    ['name', { name: 5 }, /1 to 50/],
    ['isGlobal', { isGlobal: 'yes' }, /true or false/],
    ['globalEnhancers', { globalEnhancers: 0 }, /true or false/],
    ['behaviours', { behaviours: Height }, /a list of behaviours/],
    ['behaviours[0]', { behaviours: [Settings] }, /a class that extends a behaviour/],
    ['behaviours[0]', { behaviours: [HeaderHandler] }, /a class that extends a behaviour/],
    ['behaviours[1]', { behaviours: [Height, undefined] }, /a class that extends a behaviour/],
    ['behaviours[0]', { behaviours: [{ provide: Settings, useClass: Settings }] }, /provideBehaviour/],
    [
      'behaviours[1]',
      { behaviours: [Height, provideBehaviour(HeightProvider, { useClass: Height })] },
      /one behaviour for HeightProvider/,
    ],
  ])('refuses a wrong %s at start, not before', async (path, given, allowed) => {
    const wrong = PeerModule.forRoot({ ...options, ...given });
    const error = await refusal(wrong);
    expect(error.path).toBe(path);
    expect(error.allowed).toMatch(allowed);
  });

  it('refuses wrong options though somebody waits for what it provides', async () => {
    @Injectable()
    class Service {
      constructor(readonly factory: PeerFactory) {}
    }
    const error = await refusal(PeerModule.forRoot({ ...options, behaviours: [Settings as never] }), {
      providers: [Service],
    });
    expect(error.path).toBe('behaviours[0]');
  });
});

describe('PeerModule.forRootAsync', () => {
  it.each<[string, PeerModuleAsyncOptions]>([
    ['useFactory', { useFactory: () => ({ ...options, userAgent: '/from-settings:1/' }) }],
    [
      'useFactory with inject and imports',
      {
        imports: [SettingsModule],
        inject: [Settings],
        useFactory: async ({ agent }: Settings) => Promise.resolve({ ...options, userAgent: agent }),
      },
    ],
    [
      'useFactory with extraProviders',
      {
        extraProviders: [{ provide: 'AGENT', useValue: '/from-settings:1/' }],
        inject: ['AGENT'],
        useFactory: (userAgent: string) => ({ ...options, userAgent }),
      },
    ],
    ['useClass', { imports: [SettingsModule], useClass: SettingsOptions }],
    ['useExisting', { imports: [SettingsOptionsModule], useExisting: SettingsOptions }],
  ])('makes options with %s', async (_, given) => {
    const { module } = await start(PeerModule.forRootAsync({ ...given, behaviours: [Height] }));
    expect(module.get(LocalConfig).userAgent).toBe('/from-settings:1/');
    expect(module.get(LocalConfig).height.height()).toBe(42);
  });

  it('checks what was made', async () => {
    const error = await refusal(PeerModule.forRootAsync({ useFactory: () => ({ ...options, relay: 'no' }) as never }));
    expect(error).toMatchObject({ path: 'relay', value: 'no' });
  });

  it('lets an error of the factory through', async () => {
    const module = PeerModule.forRootAsync({ useFactory: () => Promise.reject(new RangeError('no settings')) });
    await expect(PeerApplication.start(module)).rejects.toThrow(RangeError);
  });

  it.each([{}, { useFactory: () => options, useClass: SettingsOptions }])(
    'refuses none or two ways to make them',
    async (given) => {
      const error = await refusal(PeerModule.forRootAsync(given));
      expect(error.allowed).toBe('exactly one of useFactory, useClass and useExisting');
    },
  );

  it('refuses options that stand beside the factory', async () => {
    const error = await refusal(PeerModule.forRootAsync({ useFactory: () => options, relay: false } as never));
    expect(error.path).toBe('relay');
  });
});

describe('overriding in tests', () => {
  it('works for the store, the local config and behaviours, by their class', async () => {
    const store = new MemoryPeerStore();
    const calls: unknown[] = [];
    const application = await start(PeerModule.forRoot(options), {
      override: (builder) =>
        builder
          .overrideProvider(PeerStore)
          .useValue(store)
          .overrideProvider(HeightProvider)
          .useValue({ height: () => 9 })
          .overrideProvider(PingHandler)
          .useValue({ handle: (...given: unknown[]) => calls.push(given) }),
    });
    const { peer, remote } = await application.dialled();
    expect(remote.received[0]).toMatchObject({ payload: { startHeight: 9 } });
    remote.send(ping());
    await remote.expect('pong');
    await application.clock.until(() => calls.length === 1, 1000);
    expect(calls).toEqual([[peer, expect.anything(), expect.objectContaining({ command: 'ping' })]]);
    await application.clock.advance(30_000);
    const rows = [];
    for await (const row of store.load('legacy-privnet')) rows.push(row);
    expect(rows.filter(({ lastSuccessAtMs }) => lastSuccessAtMs !== null)).toMatchObject([
      { host: '10.0.0.2', lastHeight: 11 },
    ]);
    expect(store.statistics('legacy-privnet')).toContainEqual(
      expect.objectContaining({ command: 'ping', direction: 'in', messages: 1, calls: 1 }),
    );
  });

  it('works for the whole local config', async () => {
    const fake = {
      network: NETWORKS['legacy-privnet'],
      userAgent: '/fake/',
      nonce: 5,
      protocolVersion: 0,
      services: 1n,
      relay: false,
      port: 0,
      capabilities: [],
      height: { height: () => 77 },
      admission: { admit: () => true },
    } satisfies LocalConfig;
    const application = await start(PeerModule.forRoot(options), {
      override: (builder) => builder.overrideProvider(LocalConfig).useValue(fake),
    });
    const { remote } = await application.dialled();
    expect(remote.received[0]).toMatchObject({
      payload: { userAgent: '/fake/', nonce: 5, startHeight: 77, relay: false },
    });
  });
});

describe('named modules', () => {
  const testnet = { ...options, network: { ...NETWORKS['legacy-privnet'], name: 'other' }, name: 'testnet' } as const;

  it('have tokens of their own', async () => {
    @Injectable()
    class Service {
      @InjectPeer(PeerEvents, 'testnet') readonly events!: PeerEvents;

      constructor(
        readonly factory: PeerFactory,
        @InjectPeer(PeerFactory, 'testnet') readonly other: PeerFactory,
        @InjectPeer(PeerFactory) readonly same: PeerFactory,
      ) {}
    }
    const { module } = await start([PeerModule.forRoot(options), PeerModule.forRoot(testnet)], {
      providers: [Service],
    });
    const service = module.get(Service);
    expect(service.factory).toBe(module.get(PeerFactory));
    expect(service.same).toBe(service.factory);
    expect(service.other).toBe(module.get(getPeerToken(PeerFactory, 'testnet')));
    expect(service.other).not.toBe(service.factory);
    expect(service.events).toBe(module.get(getPeerToken(PeerEvents, 'testnet')));
    expect(module.get(LocalConfig).network.name).toBe('legacy-privnet');
    expect(module.get<LocalConfig>(getPeerToken(LocalConfig, 'testnet')).network.name).toBe('other');
  });

  it('do not meet: events, statistics, listeners, rows and jobs are apart', async () => {
    const heard: string[] = [];
    class Listener {
      @OnCommand('ping')
      onPing(): void {
        heard.push('default');
      }
      @OnCommand('ping', { peer: 'testnet' })
      onTestnetPing(): void {
        heard.push('testnet');
      }
    }
    const application = await start([PeerModule.forRoot(options), PeerModule.forRoot(testnet)], {
      providers: [Listener],
    });
    const { module, clock } = application;
    module.get(PeerEvents).on('ready', () => heard.push('ready default'));
    module.get<PeerEvents>(getPeerToken(PeerEvents, 'testnet')).on('ready', () => heard.push('ready testnet'));
    const { peer, remote } = await application.dialled(module.get(getPeerToken(PeerFactory, 'testnet')));
    remote.send(ping());
    await clock.until(() => heard.length === 2, 1000);
    expect(heard).toEqual(['ready testnet', 'testnet']);
    expect(peer).toMatchObject({ id: 1, network: 'other' });
    expect(module.get(PeerStatistics).totals()).toEqual([]);
    expect(module.get<PeerStatistics>(getPeerToken(PeerStatistics, 'testnet')).of(peer)).not.toEqual([]);
    const { peer: first } = await application.dialled();
    expect(first.id).toBe(1);
  });

  it('may be two without a default one', async () => {
    const { module } = await start([
      PeerModule.forRoot({ ...testnet, name: 'a' }),
      PeerModule.forRoot({ ...testnet, name: 'b' }),
    ]);
    expect(module.get(getPeerToken(PeerFactory, 'a'))).not.toBe(module.get(getPeerToken(PeerFactory, 'b')));
    expect(() => module.get(PeerFactory)).toThrow(/PeerFactory/);
  });

  it.each([
    ['two without a name', {}, {}, undefined],
    ['two of one name', { name: 'a' }, { name: 'a' }, 'a'],
    ['one named default and one without a name', {}, { name: 'default' }, undefined],
  ])('are refused as %s in one application', async (_, first, second, name) => {
    const error = await refusal([
      PeerModule.forRoot({ ...options, ...first }),
      PeerModule.forRoot({ ...options, ...second }),
    ]);
    expect(error).toMatchObject({ path: 'name', value: name });
  });

  it('are one when the same module object is imported twice', async () => {
    const shared = PeerModule.forRoot(options);
    const { module } = await start([shared, { module: SettingsModule, imports: [shared] }]);
    expect(module.get(PeerFactory)).toBeInstanceOf(PeerFactory);
  });
});

describe('with the module ids of deep-hash', () => {
  it.each([
    ['refuses two that look the same', [{}, {}], OptionsError],
    ['keeps two of different names apart', [{ name: 'a' }, { name: 'b' }], undefined],
  ])('%s', async (_, extras, error) => {
    const imports = extras.map((extra) => PeerModule.forRoot({ ...options, ...extra }));
    const module = await Test.createTestingModule({ imports }, { moduleIdGeneratorAlgorithm: 'deep-hash' }).compile();
    const failure: unknown = await module.init().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    await module.close();
    expect((failure as Error | undefined)?.constructor).toBe(error);
  });
});

describe('two applications in one process', () => {
  it('do not meet, though they are made from one module object', async () => {
    const shared = PeerModule.forRoot({ ...options, behaviours: [Height] });
    const first = await start(shared);
    const second = await start(shared);
    const events: string[] = [];
    second.module.get(PeerEvents).on('connected', () => events.push('second'));
    const { peer } = await first.dialled();
    expect(events).toEqual([]);
    expect(second.module.get(PeerStatistics).totals()).toEqual([]);
    expect(second.module.get(PeerStatistics).of(peer)).toEqual([]);
    await first.close();
    open.splice(open.indexOf(first), 1);
    const { peer: other } = await second.dialled();
    expect([peer.state, other.state, other.id]).toEqual(['closed', 'ready', 1]);
  });
});

describe("the host's own scheduler", () => {
  it('is left alone: its registry has none of our jobs', async () => {
    @Injectable()
    class Jobs {
      constructor(readonly registry: SchedulerRegistry) {}
    }
    const { module } = await start([ScheduleModule.forRoot(), PeerModule.forRoot(options)], { providers: [Jobs] });
    expect(module.get(Jobs).registry.getIntervals()).toEqual([]);
  });
});

it('a module that is imported without forRoot does nothing', async () => {
  const { module } = await start({ module: PeerModule });
  expect(() => module.get(PeerFactory)).toThrow(/PeerFactory/);
});

function ping(): Outgoing<'ping'> {
  return {
    dialect: 'legacy',
    command: 'ping',
    payload: PingPayload.from({ lastBlockIndex: 11, timestamp: 2, nonce: 3 }),
  };
}
