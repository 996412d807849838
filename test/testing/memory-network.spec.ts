import { describe, expect, it } from '@jest/globals';
import type { Connection } from '../../src/environment/connection.js';
import { MemoryNetwork, type MemoryNetworkOptions } from '../../src/testing/memory-network.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import { describeTransport, Recorder } from '../support/transport-conformance.js';

describe.each([0, 1])('with a latency of %i ms', (latencyMs) => {
  describeTransport('MemoryNetwork', async () => {
    const network = new MemoryNetwork({ latencyMs });
    const slow = new MemoryNetwork({ latencyMs: 60_000 });
    await slow.transport('10.0.0.2').listen({ port: 10333 }, () => undefined);
    return {
      transport: network.transport('10.0.0.1'),
      host: '10.0.0.1',
      open: () => network.connections + slow.connections,
      silent: { host: '10.0.0.2', port: 10333 },
      silentTransport: slow.transport('10.0.0.1'),
    };
  });
});

const ADDRESS = { host: '10.0.0.2', port: 10333 };

/** Two hosts with a connection between them on a clock that the test moves. */
async function twoHosts(options: MemoryNetworkOptions = {}) {
  const clock = new VirtualClock();
  const network = new MemoryNetwork({ clock, ...options });
  const accepted: Connection[] = [];
  const listener = await network
    .transport('10.0.0.2')
    .listen({ port: 10333 }, (connection) => accepted.push(connection));
  const dial = network.transport('10.0.0.1').connect(ADDRESS, {});
  await clock.advance(2 * (options.latencyMs ?? 0));
  const near = new Recorder(await dial).read();
  return { clock, network, listener, near, far: new Recorder(accepted[0]!).read() };
}

describe('MemoryNetwork', () => {
  it('takes the latency there, and there and back to connect', async () => {
    const clock = new VirtualClock();
    const network = new MemoryNetwork({ clock, latencyMs: 50 });
    let far: Recorder | undefined;
    await network.transport('b').listen({ port: 1 }, (connection) => (far = new Recorder(connection).read()));
    let near: Recorder | undefined;
    void network
      .transport('a')
      .connect({ host: 'b', port: 1 }, {})
      .then((connection) => (near = new Recorder(connection)));
    await clock.advance(99);
    expect(near).toBeUndefined();
    await clock.advance(1);
    expect(near).toBeDefined();
    void near!.write('hello');
    await clock.advance(49);
    expect(far!.bytes).toBe(0);
    await clock.advance(1);
    expect(far!.text).toBe('hello');
  });

  it('gives up connecting when the time is over, before the answer could come', async () => {
    const { clock, network } = await twoHosts({ latencyMs: 50 });
    const dial = network.transport('c').connect(ADDRESS, { timeoutMs: 99 });
    await Promise.all([
      expect(dial).rejects.toMatchObject({ code: 'NEO_PEER_DIAL', address: '10.0.0.2:10333' }),
      clock.advance(99),
    ]);
    expect(network.connections).toBe(3); // the two of twoHosts, and the far side, which will learn of it
    await clock.advance(50);
    expect(clock.pending).toBe(0);
  });

  it('keeps the chunks as they were written', async () => {
    const { clock, near, far } = await twoHosts();
    const sizes = [1, 700, 24, 3000, 1];
    for (const size of sizes) void near.write(new Uint8Array(size));
    await clock.advance(0);
    expect(far.chunks.map((chunk) => chunk.length)).toEqual(sizes);
  });

  it('does not share memory between the sides', async () => {
    const { clock, near, far } = await twoHosts();
    const bytes = Buffer.from('before');
    await near.write(bytes);
    bytes.fill('x');
    await clock.advance(0);
    expect(far.text).toBe('before');
  });

  it('takes no more than its window while the reader pauses', async () => {
    const { clock, near, far } = await twoHosts({ windowBytes: 1000 });
    far.connection.pause();
    const taken: number[] = [];
    for (let i = 0; i < 3; i++) near.connection.write(new Uint8Array(400), () => taken.push(i));
    await clock.advance(0);
    expect(taken).toEqual([0, 1]);
    far.connection.resume();
    await clock.advance(0);
    expect(taken).toEqual([0, 1, 2]);
    expect(far.bytes).toBe(1200);
  });

  it('calls loopback addresses the host itself', async () => {
    const network = new MemoryNetwork();
    const host = network.transport('10.0.0.1');
    const listener = await host.listen({ host: '127.0.0.1', port: 0 }, () => undefined);
    expect(listener.address.host).toBe('10.0.0.1');
    const connection = await host.connect({ host: '127.0.0.1', port: listener.address.port }, {});
    expect(connection.remoteAddress).toEqual(listener.address);
    await expect(network.transport('10.0.0.2').connect({ host: '127.0.0.1', port: 1 }, {})).rejects.toThrow(
      'nothing listens',
    );
  });

  it('counts connections and listeners, down to none', async () => {
    const { clock, network, near, listener } = await twoHosts();
    expect([network.connections, network.listeners]).toEqual([2, 1]);
    near.connection.end();
    await listener.close();
    await clock.advance(0);
    expect([network.connections, network.listeners]).toEqual([0, 0]);
  });

  it('gives ports that are ports, however many connections there were', async () => {
    const network = new MemoryNetwork();
    const { address } = await network.transport('a').listen({ port: 0 }, (far) => far.destroy());
    const ports = new Set<number>();
    for (let i = 0; i < 20_000; i++) {
      const near = await network.transport('b').connect(address, {});
      ports.add(near.localAddress.port);
      near.destroy();
    }
    expect([Math.min(...ports), Math.max(...ports)]).toEqual([49_152, 65_535]);
  });

  it('closes a listener, not the one that has its port since', async () => {
    const transport = new MemoryNetwork().transport('a');
    const first = await transport.listen({ port: 1 }, () => undefined);
    await first.close();
    await transport.listen({ port: 1 }, () => undefined);
    await first.close();
    await expect(transport.connect({ host: 'a', port: 1 }, {})).resolves.toBeDefined();
  });

  it('answers bytes to a side that is gone with a reset', async () => {
    const { clock, near, far } = await twoHosts({ latencyMs: 10 });
    near.connection.destroy();
    void far.write('to nobody');
    await clock.advance(30);
    expect(far.closes).toHaveLength(1);
    expect(near.closes).toEqual([undefined]);
  });
});

describe('a partition of MemoryNetwork', () => {
  it('delivers nothing and tells nobody, until it heals', async () => {
    const { clock, network, near, far } = await twoHosts({ latencyMs: 10 });
    network.partition(['10.0.0.1'], ['10.0.0.2']);
    void near.write('one ');
    void near.write('two');
    await clock.advance(3_600_000);
    expect([far.bytes, near.closes.length, far.closes.length]).toEqual([0, 0, 0]);
    network.heal();
    expect(far.text).toBe('one two');
  });

  it('holds the end too: the link is half open', async () => {
    const { clock, network, near, far } = await twoHosts({ latencyMs: 10 });
    network.partition(['10.0.0.1']);
    near.connection.destroy();
    await clock.advance(60_000);
    expect([near.closes.length, far.closes.length]).toEqual([1, 0]);
    network.heal();
    await clock.advance(10);
    expect(far.closes).toEqual([undefined]);
    expect(network.connections).toBe(0);
  });

  it('catches what was on the way', async () => {
    const { clock, network, near, far } = await twoHosts({ latencyMs: 10 });
    void near.write('halfway');
    await clock.advance(5);
    network.partition(['10.0.0.1']);
    await clock.advance(60_000);
    expect(far.bytes).toBe(0);
  });

  it('lets no new connection through, but those within a group', async () => {
    const { clock, network } = await twoHosts();
    network.partition(['10.0.0.1'], ['10.0.0.2', '10.0.0.3']);
    await expect(network.transport('10.0.0.1').connect(ADDRESS, {})).rejects.toMatchObject({ code: 'NEO_PEER_DIAL' });
    await expect(network.transport('10.0.0.9').connect(ADDRESS, {})).rejects.toMatchObject({ code: 'NEO_PEER_DIAL' });
    await expect(network.transport('10.0.0.3').connect(ADDRESS, {})).resolves.toBeDefined();
    network.heal();
    await expect(network.transport('10.0.0.1').connect(ADDRESS, {})).resolves.toBeDefined();
    expect(clock.pending).toBe(0);
  });

  it('makes the writer wait once the window is full', async () => {
    const { clock, network, near } = await twoHosts({ latencyMs: 1 });
    network.partition(['10.0.0.1']);
    let writes = 0;
    while (near.connection.write(new Uint8Array(10_000), () => undefined) && writes < 100) writes++;
    expect(writes).toBeLessThan(100);
    network.heal();
    await clock.advance(1);
    expect(near.drains).toBe(1);
  });
});

/** What becomes of a hundred dials with one chunk each. */
async function outcomes(seed: number): Promise<string> {
  const network = new MemoryNetwork({ seed, loss: 0.2 });
  await network.transport('b').listen({ port: 1 }, (connection) => connection.onData(() => connection.end()));
  let story = '';
  for (let i = 0; i < 100; i++) {
    try {
      const connection = await network.transport('a').connect({ host: 'b', port: 1 }, {});
      connection.write(Buffer.from('x'), () => undefined);
      connection.onData(() => undefined);
      story += await new Promise<string>((resolve) => connection.onClose((error) => resolve(error ? 'r' : 'o')));
    } catch {
      story += 'f';
    }
  }
  return story;
}

describe('the loss of MemoryNetwork', () => {
  it('is the same for the same seed, and another for another', async () => {
    const [first, again, other] = [await outcomes(7), await outcomes(7), await outcomes(8)];
    expect(first).toMatch(/^(?=.*f)(?=.*r)(?=.*o)[fro]{100}$/);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it('fails every dial at 1', async () => {
    const network = new MemoryNetwork({ loss: 1 });
    await network.transport('b').listen({ port: 1 }, () => undefined);
    await expect(network.transport('a').connect({ host: 'b', port: 1 }, {})).rejects.toThrow('lost');
    expect(network.connections).toBe(0);
  });

  it('breaks a connection on both sides', async () => {
    const network = new MemoryNetwork({ loss: 0.5 });
    const far: Recorder[] = [];
    await network.transport('b').listen({ port: 1 }, (connection) => far.push(new Recorder(connection).read()));
    const dial = async (): Promise<Connection> => {
      try {
        return await network.transport('a').connect({ host: 'b', port: 1 }, {});
      } catch {
        return dial();
      }
    };
    const near = new Recorder(await dial()).read();
    while (near.closes.length === 0) await near.write('again');
    await new Promise<void>(queueMicrotask);
    expect([near.closes[0], far.at(-1)!.closes[0]]).toEqual([
      expect.objectContaining({ code: 'NEO_PEER_CONNECTION_RESET', by: 'network' }),
      expect.objectContaining({ code: 'NEO_PEER_CONNECTION_RESET', by: 'network' }),
    ]);
  });
});
