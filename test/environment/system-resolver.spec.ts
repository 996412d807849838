import { describe, expect, it } from '@jest/globals';
import type { Resolver } from '../../src/environment/resolver.js';
import { SystemClock } from '../../src/environment/system-clock.js';
import { SystemResolver } from '../../src/environment/system-resolver.js';
import { MemoryResolver } from '../../src/testing/memory-resolver.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';

describe.each<[string, () => Resolver]>([
  ['SystemResolver', () => new SystemResolver(new SystemClock())],
  ['MemoryResolver', () => new MemoryResolver({ localhost: ['127.0.0.1', '::1'] })],
])('%s', (_, make) => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
    ['2001:db8::5', '2001:db8::5'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
  ])('answers the address %s with %s', async (host, answer) => {
    expect(await make().resolve(host)).toEqual([answer]);
  });

  it('gives all addresses of a name, each once', async () => {
    const addresses = await make().resolve('localhost', { timeoutMs: 5_000 });
    expect(addresses.length).toBeGreaterThan(0);
    expect(['127.0.0.1', '::1']).toEqual(expect.arrayContaining([...addresses]));
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it('rejects with DialError where a name has no address', async () => {
    const name = `${'a'.repeat(64)}.invalid`; // a label too long for DNS: refused without asking anybody
    await expect(make().resolve(name)).rejects.toMatchObject({ code: 'NEO_PEER_DIAL', address: name });
  });

  it('rejects with AbortedError when it was aborted before', async () => {
    const resolved = make().resolve('localhost', { signal: AbortSignal.abort('reason') });
    await expect(resolved).rejects.toMatchObject({ code: 'NEO_PEER_ABORTED', cause: 'reason' });
  });
});

describe('SystemResolver', () => {
  it('gives up when it is aborted on the way', async () => {
    const controller = new AbortController();
    const resolved = new SystemResolver(new SystemClock()).resolve('localhost', { signal: controller.signal });
    controller.abort();
    await expect(resolved).rejects.toMatchObject({ code: 'NEO_PEER_ABORTED' });
  });

  it('gives up when the time is over, and leaves no timer otherwise', async () => {
    const clock = new VirtualClock();
    const fires = new SystemResolver({
      now: () => 0,
      monotonic: () => 0,
      setTimeout: (run) => {
        queueMicrotask(run);
        return { refresh: () => undefined, cancel: () => undefined };
      },
    });
    await expect(fires.resolve('localhost', { timeoutMs: 10 })).rejects.toMatchObject({
      code: 'NEO_PEER_DIAL',
      message: expect.stringContaining('10 ms'),
    });
    await new SystemResolver(clock).resolve('localhost', { timeoutMs: 10 });
    expect(clock.pending).toBe(0);
  });
});

describe('MemoryResolver', () => {
  it('learns and forgets names', async () => {
    const resolver = new MemoryResolver();
    resolver.set('seed', ['10.0.0.1']);
    expect(await resolver.resolve('seed')).toEqual(['10.0.0.1']);
    resolver.set('seed', []);
    await expect(resolver.resolve('seed')).rejects.toMatchObject({ code: 'NEO_PEER_DIAL' });
  });
});
