import { describe, expect, it } from '@jest/globals';
import { type AdversarySession, type Simulator, PoliteConduct } from '../../src/testing/index.js';
import { HOUR, MINUTE, worlds } from './worlds.js';

/** How many upgraded nodes there are. */
const UPGRADED = 24;

/** A node of a new release: from some moment on it announces something in a way that older nodes can't read. */
class UpgradedNode extends PoliteConduct {
  constructor(private readonly isUpgraded: () => boolean) {
    super();
  }

  protected override ready(session: AdversarySession): void {
    session.every(20_000, () => {
      if (this.isUpgraded()) session.write(inventoryOfANewKind(session));
    });
  }
}

function inventoryOfANewKind({ random }: AdversarySession): Uint8Array {
  return Uint8Array.of(0, 0x27, 34, 0x77, 1, ...random.bytes(32));
}

describe('mass ban brake', () => {
  const createWorld = worlds();

  /** A node that knows nobody but upgraded ones: some it dials, some dial it. */
  async function surrounded(seed: number) {
    let isUpgraded = false;
    const world = await createWorld({ seed, nodes: 1, seeds: upgradedHosts().map((host) => `${host}:10333`) });
    await addUpgraded(world, () => isUpgraded);
    await world.run(3 * MINUTE);
    const [node] = world.nodes;
    const peers = node!.pool.peers().length;
    expect(peers).toBeGreaterThanOrEqual(16);
    const brakes: number[] = [];
    world.on('banBrake', (_node, { share }) => brakes.push(share));
    return { world, node: node!, peers, brakes, upgrade: (now: boolean) => (isUpgraded = now) };
  }

  it('freezes bans when a change of the protocol makes everybody look bad, and the node keeps peers (seed 51)', async () => {
    const { world, node, brakes, upgrade } = await surrounded(51);
    upgrade(true);
    const connected: number[] = [];
    for (let minute = 0; minute < 60; minute++) {
      await world.run(MINUTE);
      connected.push(node.pool.peers().length);
    }
    expect(brakes.length).toBeGreaterThan(0);
    expect(brakes[0]).toBeGreaterThan(0.3);
    expect(node.pool.status().bans).toBeLessThan(UPGRADED);
    expect(Math.min(...connected)).toBeGreaterThan(0);
  });

  it('and keeps peers for as long as it takes: three hours (seed 53)', async () => {
    const { world, node, upgrade } = await surrounded(53);
    let starved = 0;
    world.on('starved', () => starved++);
    upgrade(true);
    let connected = 0;
    for (let minute = 0; minute < 180; minute++) {
      await world.run(MINUTE);
      connected += node.pool.peers().length;
    }
    // It hangs up on each as soon as that can't be read, so for a moment nobody may be there; but never for half a minute.
    expect(starved).toBe(0);
    expect(connected / 180).toBeGreaterThan(3);
    // Those who dial it may all be banned, for they might be an attacker's. Of the eight that it has chosen three: a fourth
    // would be four of eleven.
    expect(node.pool.status().bans).toBeLessThanOrEqual(UPGRADED / 2 + 3);
    upgrade(false);
    await world.until(() => node.pool.status().outbound.ready === 8, 10 * MINUTE);
  });

  it('and has its peers again once somebody has gone back (seed 52)', async () => {
    const { world, node, peers, brakes, upgrade } = await surrounded(52);
    upgrade(true);
    await world.until(() => brakes.length > 0, 10 * MINUTE);
    const { bans } = node.pool.status();
    expect(bans).toBeLessThanOrEqual(UPGRADED * 0.3);
    expect(node.pool.status().bansFrozenUntilMs).toBeGreaterThan(world.clock.now());
    await world.run(5 * MINUTE);
    expect(node.pool.status().bans).toBe(bans);
    upgrade(false);
    await world.until(() => node.pool.peers().length >= peers - bans, 15 * MINUTE);
    await world.run(HOUR);
    expect(node.pool.status().outbound.ready).toBe(8);
  });
});

function upgradedHosts(): readonly string[] {
  return Array.from({ length: UPGRADED }, (_, i) => `66.1.${i}.1`);
}

/** Half of them dial, half wait to be dialled. */
async function addUpgraded(world: Simulator, isUpgraded: () => boolean): Promise<void> {
  for (const [i, host] of upgradedHosts().entries()) {
    await world.addAdversary({
      conduct: new UpgradedNode(isUpgraded),
      hosts: [host],
      connections: i % 2,
      dialsPerSecond: 0.1,
    });
  }
}
