import { describe, expect, it } from '@jest/globals';
import { GetBlockByIndexHandler, OptionsError, PeerStatistics } from '../../src/index.js';
import { ConditionNotMetError, NodeStateError, PoliteConduct, ToldAddresses } from '../../src/testing/index.js';
import { MINUTE, worlds } from './worlds.js';

describe('Simulator', () => {
  const createWorld = worlds();

  it('starts its nodes at one moment, each at an address of its own', async () => {
    const world = await createWorld({ seed: 1, nodes: 3 });
    expect(world.elapsedMs).toBe(0);
    expect(world.nodes.map(String)).toEqual(['20.0.0.1:10333', '20.0.1.1:10333', '20.0.2.1:10333']);
    expect(world.nodes.map(({ index, isUp }) => [index, isUp])).toEqual([
      [0, true],
      [1, true],
      [2, true],
    ]);
    expect(world.definition).toMatchObject({ dialect: 'n3', seeds: ['20.0.0.1:10333'] });
    expect(() => world.node(3)).toThrow(RangeError);
    await world.run(MINUTE);
    expect(world.elapsedMs).toBe(MINUTE);
    expect(world.node(1).pool.peers().length).toBe(2);
    expect(world.node(1).get(PeerStatistics).totals().length).toBeGreaterThan(0);
    expect(world.node(1).dials).toBeGreaterThan(0);
  });

  it('takes what PeerModule takes, for all nodes or for each, and says what is wrong with it', async () => {
    const world = await createWorld({
      seed: 1,
      nodes: 2,
      network: { name: 'other', dialect: 'legacy', magic: 77, port: 2000, seeds: [] },
      hostOf: (index) => `30.0.${index}.9`,
      peer: (index) => ({ userAgent: `/node:${index}/`, pool: { outbound: 1 } }),
    });
    await world.run(MINUTE);
    const [peer] = world.node(1).pool.peers();
    expect(peer).toMatchObject({ dialect: 'legacy', network: 'other', remoteAddress: { host: '30.0.0.9' } });
    expect(peer!.version).toMatchObject({ userAgent: '/node:0/' });
    await expect(createWorld({ seed: 1, nodes: 1, peer: { pool: { outbound: -1 } } })).rejects.toThrow(OptionsError);
    const only = await createWorld({ seed: 1, nodes: 1, peer: { pool: false, listen: false } });
    expect(() => only.node(0).pool.peers()).toThrow(OptionsError);
  });

  it('hears the events of all nodes and runs, until it is told not to', async () => {
    const world = await createWorld({ seed: 2, nodes: 2 });
    const ready: number[] = [];
    const off = world.on('ready', ({ index }) => ready.push(index));
    await world.run(MINUTE);
    expect(new Set(ready)).toEqual(new Set([0, 1]));
    await world.crash(1);
    ready.length = 0;
    await world.restart(1);
    await world.run(MINUTE);
    expect(ready).toContain(1);
    off();
    ready.length = 0;
    await world.stop(1);
    await world.restart(1);
    await world.run(MINUTE);
    expect(ready).toEqual([]);
  });

  it('rejects with what a listener threw, once', async () => {
    const world = await createWorld({ seed: 2, nodes: 2 });
    const fault = new Error('in a listener');
    const off = world.on('ready', () => {
      throw fault;
    });
    await expect(world.run(MINUTE)).rejects.toBe(fault);
    off();
    await world.run(MINUTE);
  });

  it('tells how long it took until something was so, or that it never was', async () => {
    const world = await createWorld({ seed: 3, nodes: 0 });
    expect(await world.until(() => world.elapsedMs >= 2500, MINUTE)).toBe(3000);
    expect(await world.until(() => world.elapsedMs >= 3010, MINUTE, { everyMs: 10 })).toBe(10);
    expect(await world.until(() => true, 0)).toBe(0);
    await expect(world.until(() => false, 5000)).rejects.toBeInstanceOf(ConditionNotMetError);
    expect(world.elapsedMs).toBe(8010);
  });

  it('knows who is up', async () => {
    const world = await createWorld({ seed: 4, nodes: 2 });
    await world.crash(0);
    expect(world.node(0).isUp).toBe(false);
    expect(() => world.node(0).pool).toThrow(new NodeStateError(0, 'down'));
    expect(() => world.node(0).events).toThrow(NodeStateError);
    expect(() => world.node(0).factory).toThrow(NodeStateError);
    await expect(world.crash(0)).rejects.toMatchObject({ code: 'NEO_PEER_NODE_STATE', index: 0, state: 'down' });
    await expect(world.vanish(0)).rejects.toThrow(NodeStateError);
    await expect(world.stop(0)).rejects.toThrow(NodeStateError);
    await expect(world.restart(1)).rejects.toMatchObject({ index: 1, state: 'up' });
  });

  it('lets a node that crashes in the middle of its dials do nothing any more', async () => {
    const world = await createWorld({ seed: 5, nodes: 2, latencyMs: 100, latencySpreadMs: 0, jitterMs: 0 });
    await world.run(150); // what it dials has been reached, and doesn't know yet
    const { dials } = world.node(1);
    expect(dials).toBeGreaterThan(0);
    await world.crash(1);
    await world.run(5 * MINUTE);
    expect(world.node(1).dials).toBe(dials);
    expect(world.network.connections).toBe(0);
    expect(world.node(0).pool.peers()).toEqual([]);
  });

  it('tells the peers of a crashed node at once, and those of one that vanished not at all', async () => {
    const world = await createWorld({ seed: 6, nodes: 3 });
    await world.run(MINUTE);
    const watcher = world.node(0);
    expect(watcher.pool.peers()).toHaveLength(2);
    await world.crash(1);
    await world.run(1000);
    expect(watcher.pool.peers()).toHaveLength(1);
    await world.vanish(2);
    await world.run(MINUTE);
    expect(watcher.pool.peers()).toHaveLength(1);
    await world.restart(2);
    await world.run(MINUTE); // its system answers pings on the old link with a reset
    expect(watcher.pool.peers()).toHaveLength(1);
  });

  it('runs an application’s own behaviours', async () => {
    let asked = 0;
    class Silence extends GetBlockByIndexHandler {
      handle(): undefined {
        asked++;
        return undefined;
      }
    }
    const world = await createWorld({ seed: 7, nodes: 2, peer: { behaviours: [Silence] } });
    await world.run(MINUTE);
    void world
      .node(0)
      .pool.requestFromAny((peer, options) => peer.requestBlocksByIndex(1, 1, options))
      .catch(() => undefined);
    await world.run(MINUTE);
    expect(asked).toBe(1);
  });

  it('lets adversaries have conducts of the test’s own', async () => {
    const world = await createWorld({ seed: 8, nodes: 1 });
    const heard: string[] = [];
    class Listener extends PoliteConduct {
      override received(...[session, message]: Parameters<PoliteConduct['received']>): void {
        heard.push(`${message.command} ${session.isDialled} ${session.nodeAddress.host}`);
        super.received(session, message);
      }
    }
    const adversary = await world.addAdversary({ conduct: new Listener(), connections: 1, listens: false });
    await world.run(MINUTE);
    expect(adversary.hosts).toEqual(['66.0.0.1']);
    expect([adversary.connections, adversary.made]).toEqual([1, 1]);
    expect(heard.slice(0, 2)).toEqual(['version true 20.0.0.1', 'verack true 20.0.0.1']);
    expect(heard).toContain('ping true 20.0.0.1');
  });

  it.each(Object.keys(ToldAddresses) as ToldAddresses[])('lets adversaries tell addresses: %s', async (tells) => {
    const world = await createWorld({ seed: 9, nodes: 1 });
    const told: string[] = [];
    world.on('message', (_node, _peer, message) => {
      if (message.command === 'addr')
        told.push(...message.payload.addresses.map(({ host, port }) => `${host} ${port}`));
    });
    await world.addAdversary({ conduct: 'polite', tells, hosts: ['66.5.5.1', '66.5.5.2'], connections: 1 });
    await world.run(MINUTE);
    expect(told.length).toBeGreaterThan(0);
    const where = {
      own: /^66\.5\.5\.[12] 10333$/,
      'own-group': /^66\.5\.5\.\d+ 10333$/,
      unroutable: /^((10|127|169|198|192|172|224|100)\..* 10333|33\..* 0)$/,
      dead: /^33\..* 10333$/,
    }[tells];
    expect(told.filter((address) => !where.test(address))).toEqual([]);
  });

  it('lets no adversary dial where nobody is to be dialled', async () => {
    const world = await createWorld({ seed: 10, nodes: 0 });
    const [lonely, aimless] = [
      await world.addAdversary({ conduct: 'silent' }),
      await world.addAdversary({ conduct: 'silent', targets: [] }),
    ];
    await world.run(MINUTE);
    expect([lonely.made, aimless.made]).toEqual([0, 0]);
  });
});
