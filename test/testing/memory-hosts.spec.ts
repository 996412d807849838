import { describe, expect, it } from '@jest/globals';
import type { Connection } from '../../src/environment/connection.js';
import { ConnectionResetError } from '../../src/testing/connection-reset.error.js';
import { MemoryNetwork, type MemoryNetworkOptions } from '../../src/testing/memory-network.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import { Recorder } from '../support/transport-conformance.js';

const PORT = 10333;

/** Hosts `a` and `b` that both read, with a connection from `a` to `b`. */
async function joined(options: MemoryNetworkOptions = {}) {
  const clock = new VirtualClock();
  const network = new MemoryNetwork({ clock, latencyMs: 10, ...options });
  const accepted: Connection[] = [];
  const listen = (host: string) =>
    network.transport(host).listen({ port: PORT }, (connection) => void accepted.push(connection));
  await listen('b');
  const dial = async (from: string, host: string) => {
    const dialling = network.transport(from).connect({ host, port: PORT }, {});
    dialling.catch(() => undefined); // it may reject while the time goes by; it is awaited below
    await clock.advance(1000);
    return new Recorder(await dialling).read();
  };
  const near = await dial('a', 'b');
  return { clock, network, listen, dial, near, far: new Recorder(accepted[0]!).read(), accepted };
}

/** What became of a dial, once it is over. */
function outcomeOf(dialling: Promise<Connection>): { current: string } {
  const outcome = { current: 'under way' };
  dialling.then(
    () => (outcome.current = 'connected'),
    (error: Error) => (outcome.current = error.message),
  );
  return outcome;
}

/** How long the way from `a` to each host is. */
async function latencies(options: MemoryNetworkOptions, hosts: readonly string[]): Promise<number[]> {
  const clock = new VirtualClock();
  const network = new MemoryNetwork({ clock, ...options });
  const took: number[] = [];
  for (const host of hosts) {
    await network.transport(host).listen({ port: PORT }, () => undefined);
    const beganAt = clock.monotonic();
    let isThere = false;
    void network
      .transport('a')
      .connect({ host, port: PORT }, {})
      .then(() => (isThere = true));
    await clock.until(() => isThere, 10_000);
    took.push((clock.monotonic() - beganAt) / 2);
  }
  return took;
}

describe('the way between two hosts of a MemoryNetwork', () => {
  const hosts = Array.from({ length: 30 }, (_, i) => `host ${i}`);
  const spread = { latencyMs: 20, latencySpreadMs: 80 };

  it('has a length of its own, which follows from the seed and the names, whoever connects first', async () => {
    const took = await latencies({ seed: 5, ...spread }, hosts);
    expect(await latencies({ seed: 5, ...spread }, hosts.toReversed())).toEqual(took.toReversed());
    expect(await latencies({ seed: 6, ...spread }, hosts)).not.toEqual(took);
    expect(Math.min(...took)).toBeGreaterThanOrEqual(20);
    expect(Math.max(...took)).toBeLessThanOrEqual(100);
    expect(new Set(took).size).toBeGreaterThan(15);
  });

  it('takes a while longer at times, and nothing overtakes', async () => {
    const { clock, near, far } = await joined({ jitterMs: 50 });
    const arrivals: number[] = [];
    const beganAt = clock.monotonic();
    far.connection.onData((chunk) => arrivals.push(chunk[0]!, clock.monotonic() - beganAt));
    for (let i = 0; i < 20; i++) void near.write(Uint8Array.of(i));
    await clock.advance(100);
    expect(arrivals.filter((_, i) => i % 2 === 0)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    const times = arrivals.filter((_, i) => i % 2 === 1);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(10);
    expect(times.at(-1)).toBeLessThanOrEqual(60);
    expect(new Set(times).size).toBeGreaterThan(2);
  });

  it('can be made longer, or lossy, for two hosts alone', async () => {
    const { clock, network, listen, dial, near, far } = await joined();
    network.setLink('b', 'a', { latencyMs: 500 });
    void near.write('slow');
    await clock.advance(499);
    expect(far.text).toBe('');
    await clock.advance(1);
    expect(far.text).toBe('slow');
    await listen('c');
    network.setLink('a', 'c', { loss: 1 });
    await expect(dial('a', 'c')).rejects.toThrow('lost the attempt');
    await expect(dial('b', 'c')).resolves.toBeInstanceOf(Recorder);
  });
});

describe('a host of a MemoryNetwork', () => {
  it('refuses, or doesn’t answer, those who connect, as it is told', async () => {
    const { clock, network, dial } = await joined();
    network.setConnects('b', 'refused');
    await expect(dial('a', 'b')).rejects.toThrow('nothing listens');
    network.setConnects('b', 'silent');
    const silent = outcomeOf(network.transport('a').connect({ host: 'b', port: PORT }, { timeoutMs: 5000 }));
    await clock.advance(4999);
    expect(silent.current).toBe('under way');
    await clock.advance(1);
    expect(silent.current).toContain('no answer within 5000 ms');
    network.setConnects('b', 'normal');
    await expect(dial('a', 'b')).resolves.toBeInstanceOf(Recorder);
  });

  it('is given up by the system after two minutes, when nobody else does', async () => {
    const { clock, network } = await joined({ unknownHosts: 'silent' });
    const silent = outcomeOf(network.transport('a').connect({ host: 'nobody', port: PORT }, {}));
    await clock.advance(127_000);
    expect(silent.current).toBe('under way');
    await clock.advance(10);
    expect(silent.current).toContain('no answer');
    expect(clock.pending).toBe(0);
  });

  it('refuses where nobody is, unless the network is told otherwise', async () => {
    const { dial } = await joined();
    await expect(dial('a', 'nobody')).rejects.toThrow('nothing listens');
  });

  it('reads as fast as it is told, and who writes to it feels it', async () => {
    const { clock, network, near, far } = await joined({ windowBytes: 1000 });
    network.setReadRate('b', 100);
    let written = 0;
    for (let i = 0; i < 20; i++) near.connection.write(new Uint8Array(200), () => (written += 200));
    await clock.advance(10);
    expect(far.bytes).toBe(200);
    expect(written).toBe(1200);
    await clock.advance(10_000);
    expect(far.bytes).toBe(200 + 5 * 200);
    network.setReadRate('b', 0);
    await clock.advance(60_000);
    expect(far.bytes).toBe(1200);
    network.setReadRate('b', Infinity);
    await clock.advance(1000);
    expect([far.bytes, written]).toEqual([4000, 4000]);
  });

  it('that crashes has its connections ended by its system, is told nothing, and is refused from then on', async () => {
    const { clock, network, listen, dial, near, far } = await joined();
    void far.write('last words');
    network.crash('b');
    await clock.advance(1000);
    expect(near.text).toBe('last words');
    expect(near.closes).toEqual([undefined]);
    expect(far.closes).toEqual([]);
    expect([network.connections, network.listeners]).toEqual([0, 0]);
    await expect(dial('a', 'b')).rejects.toThrow('nothing listens');
    await listen('b');
    await expect(dial('a', 'b')).resolves.toBeInstanceOf(Recorder);
  });

  it('that crashes with bytes unread resets', async () => {
    const { clock, network, near, far } = await joined();
    far.connection.pause();
    void near.write('unread');
    await clock.advance(10);
    network.crash('b');
    await clock.advance(10);
    expect(near.closes).toEqual([expect.any(ConnectionResetError)]);
  });

  it('that vanishes leaves half-open connections, and answers nobody', async () => {
    const { clock, network, near, far } = await joined({ windowBytes: 100 });
    network.vanish('b');
    const taken: string[] = [];
    for (const text of ['a'.repeat(90), 'b'.repeat(90)])
      near.connection.write(Buffer.from(text), () => taken.push(text));
    const dialling = outcomeOf(network.transport('a').connect({ host: 'b', port: PORT }, { timeoutMs: 1000 }));
    await clock.advance(60_000);
    expect(taken).toHaveLength(1); // nobody takes the first, so there is no room for the second
    expect([near.closes, far.closes, far.bytes]).toEqual([[], [], 0]);
    expect(network.connections).toBe(1);
    expect(dialling.current).toContain('no answer');
  });

  it('that is back knows nothing of its connections, and says so to whoever sends or hangs up', async () => {
    const { clock, network, dial, listen, near } = await joined();
    const idle = await dial('a', 'b');
    network.vanish('b');
    await clock.advance(1000);
    network.appear('b');
    await listen('b');
    await expect(dial('a', 'b')).resolves.toBeInstanceOf(Recorder);
    await clock.advance(1000);
    expect(near.closes).toEqual([]);
    void near.write('still there?');
    idle.connection.end();
    await clock.advance(20);
    expect(near.closes).toEqual([expect.any(ConnectionResetError)]);
    expect(idle.closes).toEqual([expect.any(ConnectionResetError)]);
  });

  it.each(['crash', 'vanish'] as const)('hears nothing of a dial that was under way at a %s', async (end) => {
    const { clock, network, listen, accepted } = await joined();
    await listen('c');
    const early = outcomeOf(network.transport('a').connect({ host: 'c', port: PORT }, { timeoutMs: 5000 }));
    await clock.advance(15); // it was reached, and the answer is on its way
    const late = outcomeOf(network.transport('a').connect({ host: 'c', port: PORT }, { timeoutMs: 5000 }));
    await clock.advance(1);
    network[end]('a');
    await clock.advance(10_000);
    expect([early.current, late.current]).toEqual(['under way', 'under way']);
    expect(accepted).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });
});

describe('a black hole in a MemoryNetwork', () => {
  it('lets connections that stand carry nothing any more, and tells neither side', async () => {
    const { clock, network, dial, near, far } = await joined();
    network.blackhole('b', 'a');
    void near.write('there');
    void far.write('back');
    near.connection.destroy();
    await clock.advance(60_000);
    expect([near.text, far.text]).toEqual(['', '']);
    expect([near.closes, far.closes]).toEqual([[undefined], []]);
    const fresh = await dial('a', 'b');
    void fresh.write('new');
    await clock.advance(1000);
    expect(fresh.closes).toEqual([]);
  });

  it('is for all connections of a host, or for those with another one', async () => {
    const { clock, network, listen, dial, near, far } = await joined();
    await listen('c');
    const other = await dial('a', 'c');
    network.blackhole('a', 'c');
    void near.write('one');
    await clock.advance(1000);
    expect(far.text).toBe('one');
    network.blackhole('a');
    void near.write('two');
    other.connection.end();
    await clock.advance(60_000);
    expect(far.text).toBe('one');
    expect(other.closes).toEqual([]);
  });
});
