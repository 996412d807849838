import { describe, expect, it } from '@jest/globals';
import { NodeClock } from '../../src/testing/simulator/node-clock.js';
import { NodeTransport } from '../../src/testing/simulator/node-transport.js';
import { MemoryNetwork, VirtualClock } from '../../src/testing/index.js';

describe('the clock of a run', () => {
  it('is the clock of all while the run lives', async () => {
    const shared = new VirtualClock();
    const clock = new NodeClock(shared);
    const fired: number[] = [];
    const timer = clock.setTimeout(() => fired.push(clock.monotonic()), 100);
    clock.setTimeout(() => fired.push(-1), 50).cancel();
    await shared.advance(60);
    timer.refresh();
    await shared.advance(100);
    timer.refresh();
    await shared.advance(100);
    expect(fired).toEqual([160, 260]);
    timer.cancel();
    timer.refresh();
    expect(shared.pending).toBe(0);
    expect([clock.now(), clock.monotonic()]).toEqual([shared.now(), 260]);
  });

  it('fires nothing once the run is dead, and leaves nothing', async () => {
    const shared = new VirtualClock();
    const clock = new NodeClock(shared);
    let fired = 0;
    const before = clock.setTimeout(() => fired++, 100);
    clock.die();
    const after = clock.setTimeout(() => fired++, 100);
    before.refresh();
    after.refresh();
    after.cancel();
    expect(shared.pending).toBe(0);
    await shared.advance(1000);
    expect(fired).toBe(0);
  });
});

describe('the network of a run', () => {
  it('is closed to it once the run is dead', async () => {
    const network = new MemoryNetwork();
    const dials: string[] = [];
    const transport = new NodeTransport(network.transport('a'), ({ host }) => dials.push(host));
    await transport.listen({ port: 1 }, () => undefined);
    const connection = await transport.connect({ host: 'a', port: 1 }, {});
    transport.die();
    let settled = 0;
    void transport.connect({ host: 'a', port: 1 }, {}).finally(() => settled++);
    void transport.listen({ port: 2 }, () => undefined).finally(() => settled++);
    await network.transport('b').connect({ host: 'a', port: 1 }, {});
    expect([settled, dials, network.listeners]).toEqual([0, ['a'], 1]);
    connection.destroy();
  });
});
