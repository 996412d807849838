import { getMaxListeners } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '../../../src/environment/connection.js';
import { DialError } from '../../../src/environment/dial.error.js';
import { Transport } from '../../../src/environment/transport.js';
import { ConnectedPeerFactory } from '../../../src/peer/connection/connected-peer-factory.js';
import { DialObserver } from '../../../src/peer/records/dial-observer.js';
import { ScriptedPeer } from '../../../src/testing/scripted-peer.js';
import { KITS } from '../../support/dialect-kit.js';
import { failure } from '../../support/failure.js';
import { PeerLab, US } from '../../support/peer-lab.js';

let lab: PeerLab;
afterEach(() => lab.close());

/** A listener each of whose peers does the handshake. */
async function friendly(host: string, port: number) {
  const accepted: ScriptedPeer[] = [];
  const listener = await lab.memory.transport(host).listen({ host, port }, (connection) => {
    const remote = ScriptedPeer.accept(connection, lab.script());
    accepted.push(remote);
    remote.handshake().catch(() => undefined);
  });
  return { accepted, close: () => listener.close() };
}

describe.each(KITS)('$name: dial', (kit) => {
  const { network } = kit;

  it('gives a ready peer, and tells the observer', async () => {
    lab = new PeerLab({ network });
    const there = await friendly('10.0.0.2', 10_333);
    const peer = await lab.factory.dial('10.0.0.2:10333');
    expect(peer).toMatchObject({
      state: 'ready',
      direction: 'outbound',
      remoteAddress: { host: '10.0.0.2', port: 10_333 },
    });
    expect(lab.dials).toEqual(['attempted 10.0.0.2', 'connected 10.0.0.2', 'succeeded 10.0.0.2']);
    await there.close();
  });

  it('tries the addresses of a name in order', async () => {
    lab = new PeerLab({ network });
    lab.resolver.set('seed.example', ['10.0.0.7', '10.0.0.8', '10.0.0.2']);
    const there = await friendly('10.0.0.2', 10_333);
    const peer = await lab.factory.dial({ host: 'seed.example', port: 10_333 });
    expect(peer.remoteAddress.host).toBe('10.0.0.2');
    expect(lab.dials).toEqual(['attempted seed.example', 'connected seed.example', 'succeeded seed.example']);
    await there.close();
  });

  it('tells under which address it was asked for', async () => {
    lab = new PeerLab({ network });
    lab.resolver.set('one.example', ['10.0.0.7']);
    const error = await failure(lab.factory.dial('one.example:9'));
    expect(error).toMatchObject({ code: 'NEO_PEER_DIAL', address: 'one.example:9', cause: { address: '10.0.0.7:9' } });
  });

  it('gives each address of a name its share of the time', async () => {
    lab = new PeerLab({ network });
    const tried: { host: string; timeoutMs: number | undefined; atMs: number }[] = [];
    class BlackHole extends Transport {
      connect(address: { host: string }, { timeoutMs }: { timeoutMs?: number }): Promise<Connection> {
        tried.push({ host: address.host, timeoutMs, atMs: lab.clock.monotonic() });
        return new Promise(() => undefined); // never settles, and takes no notice of its limits
      }
      listen(): never {
        throw new Error('not used');
      }
    }
    lab.resolver.set('seed.example', ['10.0.0.7', '10.0.0.8', '10.0.0.9']);
    const factory = new ConnectedPeerFactory(lab.runtime, new BlackHole(), lab.resolver, new NoObserver());
    const dial = failure(factory.dial('seed.example:1', { timeoutMs: 3000 }));
    await lab.clock.advance(3000);
    expect(await dial).toMatchObject({
      code: 'NEO_PEER_DIAL',
      address: 'seed.example:1',
      cause: { code: 'NEO_PEER_DIAL' },
    });
    expect(tried).toEqual([
      { host: '10.0.0.7', timeoutMs: 1000, atMs: 0 },
      { host: '10.0.0.8', timeoutMs: 1000, atMs: 1000 },
      { host: '10.0.0.9', timeoutMs: 1000, atMs: 2000 },
    ]);
  });

  it('drops a connection that comes after it was given up', async () => {
    lab = new PeerLab({ network });
    let arrive!: (connection: Connection) => void;
    class Late extends Transport {
      connect(): Promise<Connection> {
        return new Promise((resolve) => (arrive = resolve));
      }
      listen(): never {
        throw new Error('not used');
      }
    }
    const factory = new ConnectedPeerFactory(lab.runtime, new Late(), lab.resolver, new NoObserver());
    const abort = new AbortController();
    const dial = failure(factory.dial('10.0.0.2:1', { signal: abort.signal }));
    await lab.settle();
    abort.abort();
    expect(await dial).toMatchObject({ code: 'NEO_PEER_ABORTED' });
    let destroyed = false;
    arrive({ destroy: () => (destroyed = true) } as unknown as Connection);
    await lab.settle();
    expect(destroyed).toBe(true);
  });

  it.each([
    ['a port nobody listens on', '10.0.0.2:9', 'NEO_PEER_DIAL'],
    ['a name without an address', 'nowhere.example:9', 'NEO_PEER_DIAL'],
    ['no address', 'nowhere' as `${string}:${number}`, 'NEO_PEER_OPTIONS'],
    ['port 0', '10.0.0.2:0', 'NEO_PEER_OPTIONS'],
  ] as const)('of %s fails', async (_, address, code) => {
    lab = new PeerLab({ network });
    const error = await failure(lab.factory.dial(address));
    expect(error).toMatchObject({ code, ...(code === 'NEO_PEER_DIAL' && { address }) });
    expect(lab.dials.at(-1)?.startsWith('failed')).toBe(code === 'NEO_PEER_DIAL' ? true : undefined);
    expect(lab.happened).toEqual([]);
  });

  it('that is aborted tells so, and forgets the signal', async () => {
    lab = new PeerLab({ network });
    const abort = new AbortController();
    abort.abort('no');
    expect(await failure(lab.factory.dial('10.0.0.2:9', { signal: abort.signal }))).toMatchObject({
      code: 'NEO_PEER_ABORTED',
      cause: 'no',
    });
    expect(lab.dials).toEqual([]);
  });

  it('takes its whole time for name, connection and handshake', async () => {
    lab = new PeerLab({ network, memory: { latencyMs: 300 } });
    const listener = await lab.listening();
    const dial = failure(lab.factory.dial(listener.address, { timeoutMs: 1000 }));
    await lab.clock.advance(999);
    expect(lab.happened).toEqual(['connected']);
    await lab.clock.advance(1);
    expect(await dial).toMatchObject({ code: 'NEO_PEER_HANDSHAKE', reason: 'handshake-timeout' });
    expect(lab.dials).toEqual(['attempted 10.0.0.2', 'connected 10.0.0.2', 'failed 10.0.0.2 NEO_PEER_HANDSHAKE']);
    await lab.clock.advance(1000);
    await listener.close();
  });

  it('a thousand times in vain leaves nothing', async () => {
    lab = new PeerLab({ network, timeouts: { handshakeMs: 1000 } });
    const silent = await lab.listening();
    const { port } = silent.address;
    const { signal } = new AbortController();
    const listeners = new Set<unknown>();
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    Object.assign(signal, {
      addEventListener: (...args: Parameters<typeof add>) => (listeners.add(args[1]), add(...args)),
      removeEventListener: (...args: Parameters<typeof remove>) => (listeners.delete(args[1]), remove(...args)),
    });
    const targets = [`10.0.0.2:${port}`, '10.0.0.2:9', 'nowhere.example:1', '10.0.0.77:1'] as `${string}:${number}`[];
    const codes = new Set<string>();
    for (let i = 0; i < 10; i++) {
      const dials = Array.from({ length: 100 }, (_, j) =>
        lab.factory.dial(targets[j % 4]!, { signal }).catch((error: { code: string }) => codes.add(error.code)),
      );
      await lab.clock.advance(1000);
      await Promise.all(dials);
    }
    expect([...codes].toSorted()).toEqual(['NEO_PEER_DIAL', 'NEO_PEER_HANDSHAKE']);
    await lab.settle();
    expect(listeners.size).toBe(0);
    expect(getMaxListeners(signal)).toBe(Infinity); // or Node would have warned of a leak
    expect(lab.clock.pending).toBe(0);
    expect(lab.memory.connections).toBe(0);
    expect(lab.runtime.registry.peers).toEqual([]);
    expect(lab.dials.filter((dial) => dial.startsWith('failed'))).toHaveLength(1000);
    await silent.close();
  });
});

describe.each(KITS)('$name: listen', (kit) => {
  const { network } = kit;

  it('makes a peer of each connection, and closes without touching them', async () => {
    lab = new PeerLab({ network });
    const listener = await lab.factory.listen({ host: US, port: 0 });
    const remotes = [];
    for (let i = 0; i < 3; i++) {
      remotes.push(await ScriptedPeer.connect(lab.memory.transport('10.0.0.2'), listener.address, lab.script()));
    }
    await listener.close();
    await Promise.all([...remotes.map((remote) => remote.handshake()), lab.settle()]);
    expect(lab.runtime.registry.peers.map(({ id, direction, state }) => [id, direction, state])).toEqual([
      [1, 'inbound', 'ready'],
      [2, 'inbound', 'ready'],
      [3, 'inbound', 'ready'],
    ]);
  });

  it('tells what it can not have', async () => {
    lab = new PeerLab({ network });
    await expect(lab.factory.listen({ host: '10.9.9.9', port: 0 })).rejects.toMatchObject({ code: 'NEO_PEER_LISTEN' });
  });
});

describe.each(KITS)('$name: shutdown', (kit) => {
  const { network } = kit;

  it('ends dials, listeners and peers, and makes no new ones', async () => {
    lab = new PeerLab({ network, memory: { latencyMs: 50 } });
    const listener = await lab.factory.listen({ host: US, port: 0 });
    const silent = await lab.listening();
    const shaking = failure(lab.factory.dial(silent.address));
    await lab.clock.advance(200);
    const connecting = failure(lab.factory.dial(silent.address));
    await lab.clock.advance(10);
    const stopped = lab.runtime.registry.shutdown(5000);
    expect(lab.runtime.registry.shutdown(1)).toBe(stopped);
    await lab.clock.advance(500);
    await stopped;
    expect(await shaking).toMatchObject({ code: 'NEO_PEER_HANDSHAKE', reason: 'shutdown' });
    expect(await connecting).toBeInstanceOf(DialError);
    expect(await failure(lab.factory.dial(silent.address))).toBeInstanceOf(DialError);
    expect(await failure(lab.factory.listen({ host: US, port: 0 }))).toMatchObject({ code: 'NEO_PEER_LISTEN' });
    await silent.close();
    await listener.close();
    expect(lab.memory.listeners).toBe(0);
  });

  it('lets handlers finish, and writes what they answer', async () => {
    lab = new PeerLab({ network });
    const answers: Promise<void>[] = [];
    let release!: () => void;
    const released = new Promise<void>((resolve) => (release = resolve));
    lab.handle = async (peer) => {
      await released;
      const answer = peer.send(kit.addr());
      answers.push(answer);
      await answer;
    };
    const { peer, remote } = await lab.ready();
    for (let i = 0; i < 3; i++) remote.send(kit.dialect.requestAddresses());
    const asked = failure(peer.requestAddresses());
    await lab.settle();
    const stopped = lab.runtime.registry.shutdown(5000);
    expect(await asked).toMatchObject({ code: 'NEO_PEER_PEER_CLOSED', reason: 'shutdown' });
    remote.send(kit.dialect.requestAddresses()); // comes too late
    release();
    await lab.settle();
    await stopped;
    await Promise.all(answers);
    expect(lab.handled).toEqual(['getaddr', 'getaddr', 'getaddr']);
    expect(remote.received.filter(({ command }) => command === 'addr')).toHaveLength(3);
    expect(await peer.closed).toMatchObject({ reason: 'shutdown', by: 'us' });
  });

  it('does not wait for a handler longer than the drain limit', async () => {
    lab = new PeerLab({ network });
    lab.handle = () => new Promise(() => undefined);
    const { peer, remote } = await lab.ready();
    for (let i = 0; i < 3; i++) remote.send(kit.dialect.requestAddresses());
    await lab.settle();
    let over = false;
    const stopped = lab.runtime.registry.shutdown(5000).then(() => (over = true));
    await lab.clock.advance(4999);
    expect(over).toBe(false);
    await lab.clock.advance(2);
    await stopped;
    expect(await peer.closed).toMatchObject({ reason: 'shutdown' });
    expect(lab.handled).toHaveLength(1);
  });

  it('turns away who comes while it lasts', async () => {
    lab = new PeerLab({ network });
    let accept!: (connection: Connection) => void;
    class Held extends Transport {
      connect(): never {
        throw new Error('not used');
      }
      async listen(on: { host?: string; port: number }, taker: (connection: Connection) => void) {
        accept = taker;
        return { address: { host: on.host ?? '', port: on.port }, close: async () => undefined };
      }
    }
    const factory = new ConnectedPeerFactory(lab.runtime, new Held(), lab.resolver, new NoObserver());
    await factory.listen({ host: US, port: 1 });
    const stopped = lab.runtime.registry.shutdown(1000);
    let destroyed = false;
    const late = { remoteAddress: { host: '10.0.0.3', port: 5 }, destroy: () => (destroyed = true) };
    accept(late as unknown as Connection);
    await stopped;
    expect(destroyed).toBe(true);
    expect(lab.happened).toEqual(['refusedInbound shutdown']);
  });

  it('closes a connection that is handed in afterwards', async () => {
    lab = new PeerLab({ network });
    const near = await lab.listening();
    const connection = await lab.memory.transport(US).connect(near.address, {});
    await lab.runtime.registry.shutdown(1000);
    const peer = lab.factory.create(connection, { inbound: true });
    await lab.settle();
    expect(await peer.closed).toMatchObject({ reason: 'shutdown' });
    await near.close();
  });
});

class NoObserver extends DialObserver {
  attempted(): void {
    // nothing to tell
  }
  connected(): void {
    // nothing to tell
  }
  succeeded(): void {
    // nothing to tell
  }
  failed(): void {
    // nothing to tell
  }
}
