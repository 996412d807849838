import { Test } from '@nestjs/testing';
import { describe, expect, it } from '@jest/globals';
import { Clock } from '../../src/environment/clock.js';
import { environmentProviders } from '../../src/environment/environment.providers.js';
import { RandomSource } from '../../src/environment/random-source.js';
import { Resolver } from '../../src/environment/resolver.js';
import { SystemClock } from '../../src/environment/system-clock.js';
import { SystemRandom } from '../../src/environment/system-random.js';
import { SystemResolver } from '../../src/environment/system-resolver.js';
import { SystemTransport } from '../../src/environment/system-transport.js';
import { Transport } from '../../src/environment/transport.js';
import { MemoryNetwork } from '../../src/testing/memory-network.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import { SilentHost } from '../support/silent-host.js';

describe('environmentProviders', () => {
  it('bind the system versions to their tokens', async () => {
    const module = await Test.createTestingModule({ providers: [...environmentProviders] }).compile();
    expect(module.get(Clock)).toBeInstanceOf(SystemClock);
    expect(module.get(RandomSource)).toBeInstanceOf(SystemRandom);
    expect(module.get(Resolver)).toBeInstanceOf(SystemResolver);
    expect(module.get(Transport)).toBeInstanceOf(SystemTransport);
  });

  it('can be overridden one by one, and the others use what stands there', async () => {
    const clock = new VirtualClock();
    const silent = await SilentHost.start();
    const module = await Test.createTestingModule({ providers: [...environmentProviders] })
      .overrideProvider(Clock)
      .useValue(clock)
      .compile();
    const dial = module.get<Transport>(Transport).connect(silent.address, { timeoutMs: 5_000 });
    await Promise.all([expect(dial).rejects.toMatchObject({ code: 'NEO_PEER_DIAL' }), clock.advance(5_000)]);
    await silent.stop();
  });

  it('take a memory network for the transport', async () => {
    const transport = new MemoryNetwork().transport('10.0.0.1');
    const module = await Test.createTestingModule({ providers: [...environmentProviders] })
      .overrideProvider(Transport)
      .useValue(transport)
      .compile();
    expect(module.get(Transport)).toBe(transport);
  });
});
