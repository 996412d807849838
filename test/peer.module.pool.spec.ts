import { afterEach, describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { OptionsError } from '../src/config/options.error.js';
import type { PoolOptions } from '../src/config/pool-options.js';
import { AddrHandler } from '../src/peer/behaviours/announcement-handlers.js';
import { provideBehaviour } from '../src/peer/behaviours/behaviour.js';
import { GetAddrHandler } from '../src/peer/behaviours/request-handlers.js';
import { PeerFactory } from '../src/peer/peer-factory.js';
import type { Peer } from '../src/peer/peer.js';
import { getPeerToken, InjectPeer } from '../src/peer/tokens.js';
import { PeerModule } from '../src/peer.module.js';
import { AbsentPool } from '../src/pool/absent-pool.js';
import { NetworkPool } from '../src/pool/network-pool.js';
import { PeerPool } from '../src/pool/peer-pool.js';
import { MemoryNetwork } from '../src/testing/index.js';
import { LEGACY_KIT } from './support/dialect-kit.js';
import { failure } from './support/failure.js';
import { MEMORY_OPTIONS as options, PeerApplication } from './support/peer-application.js';
import { PoolLab, PoolWorld } from './support/pool-lab.js';
import { TestDatabase } from './support/database.js';

const PORT = 10_333;
const DAY_MS = 24 * 3_600_000;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

function closing<T extends { close(): Promise<void> }>(one: T): T {
  open.push(one);
  return one;
}

const told = [{ host: '21.1.0.1', port: PORT, timestamp: 0, services: 1n }];

@Injectable()
class OwnAddr extends AddrHandler {
  readonly heard: number[] = [];
  handle(_peer: Peer, { addresses }: Parameters<AddrHandler['handle']>[1]): void {
    this.heard.push(addresses.length);
  }
}

@Injectable()
class OwnGetAddr extends GetAddrHandler {
  handle(): typeof told {
    return told;
  }
}

describe('pool: false', () => {
  it.each([
    ['given', { pool: false }],
    ['the default', {}],
  ] as const)('%s starts nothing: no timer of it, no dial, in a day', async (_what, given) => {
    const dialled: unknown[] = [];
    const network = new MemoryNetwork();
    const application = await PeerApplication.compile(PeerModule.forRoot({ ...options, ...given }), { network });
    const { connect } = network;
    network.connect = (from, address, limits) => {
      dialled.push(address);
      return connect.call(network, from, address, limits);
    };
    closing(application);
    await application.module.init();
    const { clock, module } = application;
    expect(clock.pending).toBe(1); // the save
    await clock.advance(DAY_MS);
    expect(dialled).toEqual([]);
    expect(clock.pending).toBe(1);
    expect(module.get(PeerPool)).toBeInstanceOf(AbsentPool);
    expect(() => module.get(PeerPool).status()).toThrow(OptionsError);
    expect(await failure(module.get(PeerPool).connect('20.1.0.1:1'))).toMatchObject({ path: 'pool' });
  });

  it('learns and tells no address, and refuses nobody', async () => {
    const application = closing(
      await PeerApplication.start(PeerModule.forRoot({ ...options, listen: { port: PORT } })),
    );
    const remotes = [];
    for (let i = 0; i < 10; i++) remotes.push((await application.accepted(PORT)).remote);
    const [remote] = remotes;
    remote!.send(LEGACY_KIT.addr('21.1.0.1'));
    for (let i = 0; i < 50; i++) remote!.send(LEGACY_KIT.dialect.requestAddresses());
    await application.clock.advance(1000);
    expect(remote!.received.map(({ command }) => command)).toEqual(['version', 'verack']);
    expect(remotes).toHaveLength(10);
  });
});

describe('a pool', () => {
  it('is what applications inject, by its class', async () => {
    const lab = closing(await PoolLab.start());
    expect(lab.module.get(PeerPool)).toBeInstanceOf(NetworkPool);
  });

  it.each<[string, PoolOptions]>([
    ['pool.exempt[1]', { exempt: ['10.0.0.0/8', '10.0.0.0/33'] }],
    ['pool.static[0]', { static: ['nonsense' as 'a:1'] }],
    ['pool.outbound', { outbound: -1 }],
    ['pool.rates.getaddr.burst', { rates: { getaddr: { perSecond: 1, burst: 0 } } }],
  ])('with a wrong option does not start, and names it: %s', async (path, pool) => {
    const error = await failure(PeerApplication.start(PeerModule.forRoot({ ...options, pool })));
    expect(error).toBeInstanceOf(OptionsError);
    expect(error).toMatchObject({ path });
  });

  it('leaves addr and getaddr to handlers of the application’s own', async () => {
    const lab = closing(await PoolLab.start({ options: { behaviours: [OwnAddr, OwnGetAddr] } }));
    const { remote } = await lab.inbound('30.1.0.1');
    remote.send(lab.kit.addr('21.9.0.1'));
    remote.send(lab.kit.dialect.requestAddresses());
    const { payload } = await remote.expect('addr');
    expect(payload.addresses).toMatchObject([{ host: '21.1.0.1' }]);
    expect(lab.module.get(OwnAddr).heard).toEqual([1]);
    expect(lab.records.find({ host: '21.9.0.1', port: PORT })).toBeUndefined();
  });

  it('leaves them also to one that is provided, and to one that a test overrides', async () => {
    const provided = new OwnAddr();
    const overriding = new OwnGetAddr();
    const lab = closing(
      await PoolLab.start({
        options: { behaviours: [provideBehaviour(AddrHandler, { useValue: provided })] },
        override: (builder) => builder.overrideProvider(GetAddrHandler).useValue(overriding),
      }),
    );
    const { remote } = await lab.inbound('30.1.0.1');
    remote.send(lab.kit.addr('21.9.0.1'));
    remote.send(lab.kit.dialect.requestAddresses());
    expect((await remote.expect('addr')).payload.addresses).toMatchObject([{ host: '21.1.0.1' }]);
    expect(provided.heard).toEqual([1]);
  });

  it('is one for each named module, which know nothing of each other', async () => {
    @Injectable()
    class Both {
      constructor(
        @InjectPeer(PeerPool, 'one') readonly one: PeerPool,
        @InjectPeer(PeerPool, 'two') readonly two: PeerPool,
        @InjectPeer(PeerPool) readonly plain: PeerPool,
      ) {}
    }
    const modules = [
      PeerModule.forRoot({ ...options, name: 'one', pool: { outbound: 1, feelerMs: 0 } }),
      PeerModule.forRoot({ ...options, name: 'two', pool: { outbound: 2, feelerMs: 0 } }),
      PeerModule.forRoot(options),
    ];
    const application = closing(await PeerApplication.start(modules, { providers: [Both] }));
    const { one, two, plain } = application.module.get(Both);
    expect(application.module.get(getPeerToken(PeerPool, 'one'))).toBe(one);
    expect([one.status().outbound.wanted, two.status().outbound.wanted]).toEqual([1, 2]);
    await one.ban('30.1.0.1', { reason: 'enough', forMs: 1000 });
    expect([one.bans().length, two.bans().length]).toEqual([1, 0]);
    expect(() => plain.bans()).toThrow(OptionsError);
    expect(application.module.get(getPeerToken(PeerFactory, 'one'))).not.toBe(application.module.get(PeerFactory));
  });
});

describe('a restart with a database on disk', () => {
  it('keeps bans, the secret of the book, anchors and rows, and what was forgotten stays so', async () => {
    const database = await TestDatabase.create();
    const world = new PoolWorld();
    const persistence = { dataSource: database.options() };
    const run = () => PoolLab.start({ world, persistence, pool: { outbound: 2 } });
    const before = await run();
    await before.nodesAt(['20.1.0.1', '20.2.0.1']);
    before.learn('20.1.0.1:10333', '20.2.0.1:10333', '20.3.0.1:10333');
    await world.clock.advance(10);
    expect(before.outboundHosts).toEqual(['20.1.0.1', '20.2.0.1']);
    await before.pool.ban('30.1.0.0/24', { reason: 'enough', forMs: DAY_MS });
    await before.pool.ban('30.9.0.1', { reason: 'soon over', forMs: DAY_MS });
    const { peer } = await before.inbound('30.2.0.1');
    before.pool.report(peer, 'invalid-block', 'seen');
    before.records.learn({ host: '20.4.0.1', port: PORT }, '30.0.0.1');
    const secret = before.core.state.bookSecret();
    const bans = before.pool.bans();
    await before.stop();

    const between = await run();
    expect(between.core.state.bookSecret()).toEqual(secret);
    expect(between.pool.bans()).toEqual(bans);
    expect(
      between.dials
        .slice(0, 2)
        .map(({ to }) => to)
        .toSorted(),
    ).toEqual(['20.1.0.1:10333', '20.2.0.1:10333']);
    expect(between.records.find({ host: '20.4.0.1', port: PORT })).toMatchObject({
      source: 'gossip',
      learntFrom: '30.0.0.1',
    });
    await (
      await between.connect('30.1.0.7')
    ).closed;
    await (
      await between.connect('30.2.0.1')
    ).closed;
    between.records.forget({ host: '20.4.0.1', port: PORT });
    await between.pool.unban('30.9.0.1');
    await between.stop();

    const after = closing(await run());
    expect(after.records.find({ host: '20.4.0.1', port: PORT })).toBeUndefined();
    expect(after.pool.bans().map(({ subject }) => subject)).toEqual(['30.1.0.0/24', '30.2.0.1']);
    await before.leave();
    await between.leave();
    open.push({ close: () => database.remove() });
  });
});

describe('the shutdown of a pool', () => {
  it('stops dialling before peers close, and leaves no timer, connection or listener', async () => {
    const lab = await PoolLab.start({
      world: new PoolWorld({ latencyMs: 20 }),
      pool: { outbound: 4, feelerMs: 1000, static: ['20.5.0.1:10333', '20.6.0.1:10333'] },
    });
    const nodes = await lab.nodesAt(['20.1.0.1', '20.2.0.1', '20.5.0.1']);
    await lab.mute('20.3.0.1:10333');
    lab.learn('20.1.0.1:10333', '20.2.0.1:10333', '20.3.0.1:10333', '20.4.0.1:10333');
    await lab.clock.advance(3000);
    expect(lab.outboundHosts).toEqual(['20.1.0.1', '20.2.0.1', '20.5.0.1']);
    const { length } = lab.dials;
    await lab.stop();
    expect(lab.dials).toHaveLength(length);
    await lab.clock.advance(DAY_MS);
    expect(lab.dials).toHaveLength(length);
    expect(nodes.map(({ remotes }) => remotes.length)).toEqual([1, 1, 1]);
    expect(lab.logger.errors).toEqual([]);
    await lab.close();
  });

  it('of one that was never started leaves nothing either', async () => {
    const lab = await PoolLab.compile({ pool: { outbound: 4, static: ['20.5.0.1:10333'] } });
    await lab.module.close();
    expect([lab.clock.pending, lab.dials.length]).toEqual([0, 0]);
  });
});
