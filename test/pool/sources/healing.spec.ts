import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestFolder } from '../../support/folder.js';
import { N3_KIT } from '../../support/dialect-kit.js';
import { OUR_HOST, PoolLab } from '../../support/pool-lab.js';

const MINUTE_MS = 60_000;

let lab: PoolLab;
let folder: TestFolder;
beforeEach(async () => {
  folder = await TestFolder.create();
});
afterEach(async () => {
  await lab.close();
  await folder.remove();
});

const seedFile = (): string => folder.file('seeds.json');

async function writeSeeds(...seeds: string[]): Promise<void> {
  const { name: network, magic } = N3_KIT.network;
  await writeFile(seedFile(), JSON.stringify({ schema: 1, network, magic, seeds }));
}

const withSeedFile = () => ({ persistence: { dataSource: false, seedFile: seedFile() } }) as const;

describe('a node that has lost everybody', () => {
  it('is starved after half a minute, and healed by nodes of its book that come back', async () => {
    lab = await PoolLab.start({ pool: { outbound: 2 } });
    const nodes = await lab.nodesAt(['20.1.0.1', '20.2.0.1']);
    lab.learn('20.1.0.1:10333', '20.2.0.1:10333');
    await lab.clock.advance(10_000);
    expect(lab.pool.status().starvedSinceMs).toBeUndefined();
    for (const node of nodes) await node.crash();
    await lab.settle();
    lab.happened.length = 0;
    const lostAtMs = lab.clock.now();
    await lab.clock.advance(29_000);
    expect(lab.happened).toEqual([]);
    await lab.clock.advance(2000);
    expect(lab.happened).toEqual(['starved']);
    expect(lab.pool.status().starvedSinceMs).toBe(lostAtMs);
    await lab.clock.advance(60 * MINUTE_MS);
    for (const node of nodes) await node.up();
    await lab.clock.until(() => lab.happened.length > 1, 6 * 60 * MINUTE_MS);
    expect(lab.happened).toEqual(['starved', 'healed']);
    expect(lab.pool.status().starvedSinceMs).toBeUndefined();
  });

  it('is starved from the start where it has nobody', async () => {
    lab = await PoolLab.start({ pool: { outbound: 2 } });
    await lab.clock.advance(30_000);
    expect(lab.happened).toEqual(['starved']);
  });

  it('is not called starved where it wants nobody', async () => {
    lab = await PoolLab.start();
    await lab.node('20.1.0.1:10333');
    const peer = await lab.factory.dial('20.1.0.1:10333');
    const ended = peer.disconnect();
    await lab.clock.advance(10 * MINUTE_MS);
    await ended;
    expect(lab.happened.filter((what) => what === 'starved')).toEqual([]);
  });

  it('is called starved when the only address that it is to keep does not answer', async () => {
    lab = await PoolLab.start();
    await lab.pool.connect('20.1.0.1:10333');
    await lab.clock.advance(3 * MINUTE_MS);
    expect(lab.happened).toEqual(['starved']);
    await lab.node('20.1.0.1:10333');
    await lab.clock.advance(5 * MINUTE_MS + 1000);
    expect(lab.happened).toEqual(['starved', 'healed']);
  });

  it('is not fed by those who dial it: they may all be one attacker’s', async () => {
    lab = await PoolLab.start({ pool: { outbound: 2 } });
    for (const host of ['30.1.0.1', '30.2.0.1', '30.3.0.1']) await lab.inbound(host);
    await lab.clock.advance(31_000);
    expect(lab.happened).toEqual(['starved']);
  });

  it('misses nobody while every address that it knows has dialled it, and does as soon as one has gone', async () => {
    lab = await PoolLab.start({ pool: { outbound: 2 }, seeds: [`${OUR_HOST}:10333`] });
    const hosts = ['30.1.0.1', '30.2.0.1', '30.3.0.1'];
    const inbound = await Promise.all(
      hosts.map((host, nonce) => lab.inbound(host, { port: 10_333, nonce: nonce + 1 })),
    );
    await lab.clock.advance(4 * MINUTE_MS);
    expect(lab.core.book.size).toBe(4);
    expect(lab.happened.filter((what) => !what.startsWith('disconnected'))).toEqual([]);
    inbound[1]!.remote.connection.destroy();
    await lab.clock.advance(29_000);
    expect(lab.pool.status().starvedSinceMs).toBeUndefined();
    await lab.clock.advance(2000);
    expect(lab.happened.at(-1)).toBe('starved');
    await lab.inbound('30.2.0.1', { port: 10_333, nonce: 4 });
    expect(lab.happened.at(-1)).toBe('healed');
    expect(lab.pool.status().starvedSinceMs).toBeUndefined();
  });

  it('misses those whom it knows from elsewhere, and those who have dialled it and are not ready', async () => {
    lab = await PoolLab.start({ pool: { outbound: 2 } });
    await lab.inbound('30.1.0.1', { port: 10_333 });
    await lab.connect('30.2.0.1', { port: 10_333 });
    lab.learn('30.2.0.1:10333');
    await lab.clock.advance(29_000);
    expect(lab.happened).toEqual([]);
    await lab.clock.advance(2000);
    expect(lab.happened).toContain('starved');
  });

  it('finds a node that was added to the seed file meanwhile', async () => {
    await writeSeeds('20.1.0.1:10333');
    lab = await PoolLab.start({ ...withSeedFile(), pool: { outbound: 1 } });
    await lab.clock.advance(2 * MINUTE_MS);
    expect(lab.happened).toEqual(['starved']);
    await lab.node('20.2.0.1:10333');
    await writeSeeds('20.1.0.1:10333', '20.2.0.1:10333');
    await lab.clock.until(() => lab.outboundHosts.length > 0, 6 * MINUTE_MS);
    expect(lab.outboundHosts).toEqual(['20.2.0.1']);
    expect(lab.records.find({ host: '20.2.0.1', port: 10_333 })).toMatchObject({ source: 'seed' });
  });

  it('makes a seed of an address that it knows from gossip, once the seed file has it', async () => {
    await writeSeeds('20.1.0.1:10333');
    lab = await PoolLab.start({ ...withSeedFile(), pool: { outbound: 1 } });
    lab.learn('20.2.0.1:10333');
    await writeSeeds('20.2.0.1:10333');
    await lab.clock.advance(10 * MINUTE_MS);
    expect(lab.records.find({ host: '20.2.0.1', port: 10_333 })).toMatchObject({ source: 'seed' });
  });

  it('goes on where the seed file is gone or damaged, and finds it when it is back', async () => {
    await writeSeeds('20.1.0.1:10333');
    lab = await PoolLab.start({ ...withSeedFile(), pool: { outbound: 1 } });
    await writeFile(seedFile(), '{"schema": 1,');
    await lab.clock.until(() => lab.logger.warnings.some((line) => line.includes('seeds')), 5 * MINUTE_MS);
    await lab.node('20.2.0.1:10333');
    await writeSeeds('20.2.0.1:10333');
    await lab.clock.until(() => lab.outboundHosts.length > 0, 11 * MINUTE_MS);
    expect(lab.outboundHosts).toEqual(['20.2.0.1']);
  });

  it('asks what the names of seeds mean at last, and dials every address by itself', async () => {
    lab = await PoolLab.start({ pool: { outbound: 3 }, seeds: ['seed.example:10333'] });
    await lab.mute('20.3.0.1:10333');
    await lab.nodesAt(['20.1.0.2', '20.2.0.1']);
    lab.resolver.set('seed.example', ['20.3.0.1', '20.1.0.2', '20.2.0.1']);
    await lab.clock.until(() => lab.outboundHosts.length === 2, 5 * MINUTE_MS);
    expect(lab.outboundHosts).toEqual(['20.1.0.2', '20.2.0.1']);
  });

  it('does not ask other sources while dials are under way, and does when they have failed', async () => {
    const asked = (): boolean => lab.core.state.setting('seed-backoff') !== undefined;
    lab = await PoolLab.compile({ pool: { outbound: 3 }, seeds: ['20.1.0.1:10333', '20.2.0.1:10333'] });
    await lab.mute('20.1.0.1:10333');
    await lab.mute('20.2.0.1:10333');
    await lab.module.init();
    await lab.clock.advance(9900);
    expect(lab.pool.status().outbound.dialling).toBe(2);
    expect(asked()).toBe(false);
    await lab.clock.advance(5000);
    expect(asked()).toBe(true);
  });

  it('does not go through thousands of addresses that are gone before it comes to its seeds', async () => {
    lab = await PoolLab.start({ pool: { outbound: 8 }, seeds: ['20.0.9.9:10333'] });
    await lab.clock.advance(10 * MINUTE_MS);
    for (let i = 0; i < 3000; i++) {
      lab.records.learn({ host: `21.${i >> 8}.${i & 255}.1`, port: 10_333 }, `30.${i & 255}.0.1`);
    }
    expect(lab.core.book.size).toBeGreaterThan(1500);
    await lab.node('20.0.9.9:10333');
    const before = lab.clock.monotonic();
    await lab.clock.until(() => lab.outboundHosts.length > 0, 60 * MINUTE_MS);
    expect(lab.clock.monotonic() - before).toBeLessThan(6 * MINUTE_MS);
  });

  it('waits as long as it would have, if it is restarted', async () => {
    lab = await PoolLab.start({ pool: { outbound: 1 }, seeds: ['20.1.0.1:10333'] });
    await lab.clock.advance(30 * MINUTE_MS);
    const waits = lab.core.state.setting('seed-backoff')!;
    expect(JSON.parse(waits)).toMatchObject({ file: { failures: expect.any(Number) } });
    await lab.stop();
    const { world, store } = lab;
    const again = await PoolLab.start({ pool: { outbound: 1 }, seeds: ['20.1.0.1:10333'], world, store });
    expect(again.core.state.setting('seed-backoff')).toBe(waits);
    await again.close();
    lab = await PoolLab.start();
  });
});
