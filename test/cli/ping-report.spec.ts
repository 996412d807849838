import { afterEach, describe, expect, it } from '@jest/globals';
import { pingReport } from '../../src/cli/ping-report.js';
import { AbortedError } from '../../src/environment/aborted.error.js';
import { KITS } from '../support/dialect-kit.js';
import { PeerLab } from '../support/peer-lab.js';

let lab: PeerLab;

afterEach(() => lab.close());

describe.each(KITS)('pingReport, $name', (kit) => {
  async function ready(): ReturnType<PeerLab['ready']> {
    lab = new PeerLab({ network: kit.network, timeouts: { keepaliveMs: 0 } });
    return lab.ready({ height: 5 });
  }

  it('gives the round trip', async () => {
    const { peer, remote } = await ready();
    const report = pingReport({ peer, connectMs: 1, handshakeMs: 2 }, new AbortController().signal);
    await lab.clock.advance(40);
    remote.send(kit.pong(5));
    await lab.settle();
    expect(await report).toMatchObject({ dialect: kit.name, height: 5, connectMs: 1, handshakeMs: 2, pingMs: 40 });
  });

  it('gives null where no pong comes within ten seconds', async () => {
    const { peer } = await ready();
    const report = pingReport({ peer, connectMs: 1, handshakeMs: 2 }, new AbortController().signal);
    await lab.clock.advance(10_000);
    expect(await report).toMatchObject({ pingMs: null });
  });

  it('ends when it is interrupted', async () => {
    const { peer } = await ready();
    const interrupt = new AbortController();
    const report = pingReport({ peer, connectMs: 1, handshakeMs: 2 }, interrupt.signal);
    interrupt.abort();
    await expect(report).rejects.toBeInstanceOf(AbortedError);
  });
});
