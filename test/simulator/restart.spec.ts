import { describe, expect, it } from '@jest/globals';
import { isFull, HOUR, MINUTE, SELDOM, worlds } from './worlds.js';

/** `persistence.saveIntervalMs`: what is younger may be lost. */
const SAVED = 30_000;

describe('crash and restart', () => {
  const createWorld = worlds();

  async function settledWorld(seed: number) {
    const world = await createWorld({ seed, nodes: 30, peer: { timeouts: SELDOM } });
    const node = world.node(12);
    await world.run(20 * MINUTE);
    await node.pool.ban('99.0.0.0/24', { reason: 'a test', forMs: 24 * HOUR });
    await world.addAdversary({ conduct: 'broken-frames', targets: [node.index] });
    await world.until(() => node.pool.status().bans === 2, 5 * MINUTE);
    return { world, node };
  }

  it('keeps book, bans and anchors, and meets its anchors first (seed 41)', async () => {
    const { world, node } = await settledWorld(41);
    await world.run(2 * MINUTE + SAVED); // anchors are noted once a minute
    const settings = await node.store.loadSettings(world.definition.name);
    const anchors = (JSON.parse(settings.get('anchors')!) as string[]).map((address) => address.split(':')[0]!);
    expect(node.outbound()).toEqual(expect.arrayContaining(anchors));
    const before = { book: node.book(), bans: node.pool.bans() };
    await world.crash(node.index);
    await world.run(10 * MINUTE);
    await world.restart(node.index);
    expect(node.pool.bans()).toEqual(before.bans);
    const known = new Map(node.book().map(({ host, isTried }) => [host, isTried]));
    expect(before.book.filter(({ host }) => !known.has(host))).toEqual([]);
    const tried = before.book.filter(({ isTried }) => isTried);
    expect(tried.filter(({ host }) => known.get(host) === true).length).toBeGreaterThanOrEqual(tried.length * 0.9);
    await world.run(2000);
    const hosts = node.pool.peers().map(({ remoteAddress }) => remoteAddress.host);
    expect(hosts).toEqual(expect.arrayContaining(anchors));
    expect(anchors).toHaveLength(2);
    await world.until(() => isFull(node), 2 * MINUTE);
    expect(node.pool.bans()).toEqual(before.bans);
  });

  it('loses what came after the last save, and nothing else (seed 42)', async () => {
    const { world, node } = await settledWorld(42);
    await world.run(SAVED);
    await node.pool.ban('98.0.0.1', { reason: 'not saved any more', forMs: HOUR });
    await world.crash(node.index);
    await world.restart(node.index);
    expect(node.pool.bans().map(({ subject }) => subject)).toEqual(['66.0.0.1', '99.0.0.0/24']);
  });

  it('loses nothing when it stops in good order (seed 42)', async () => {
    const { world, node } = await settledWorld(42);
    await world.run(SAVED);
    await node.pool.ban('98.0.0.1', { reason: 'saved at the stop', forMs: HOUR });
    await world.stop(node.index);
    await world.restart(node.index);
    expect(node.pool.bans().map(({ subject }) => subject)).toContain('98.0.0.1');
  });
});
