import { afterEach, describe, expect, it } from '@jest/globals';
import { dialectOf } from '../../../src/wire/messages.js';
import { rawFrame } from '../../support/frames.js';
import { GENESIS } from '../../support/local-chain.js';
import { PeerLab } from '../../support/peer-lab.js';

const { headers, requestAddresses } = dialectOf('legacy');

let lab: PeerLab;
afterEach(() => lab.close());

describe('the event message', () => {
  it('tells what a ready peer sent, each once and before its handler, but nothing of the handshake and no unknown command', async () => {
    lab = new PeerLab();
    const told: string[] = [];
    lab.events.on('message', (peer, { command }) => told.push(`${command} of ${peer.id}`));
    lab.handle = (_peer, { command }) => void told.push(`handler of ${command}`);
    const { peer, remote } = await lab.ready();
    remote.send(requestAddresses());
    remote.write(rawFrame('foobar', new Uint8Array(0)));
    const asked = peer.requestHeaders({ after: GENESIS });
    await remote.expect('getheaders');
    remote.send(headers([]));
    await asked;
    await lab.settle();
    expect(told).toEqual(['getaddr of 1', 'handler of getaddr', 'headers of 1', 'handler of headers']);
  });

  it('may close the peer, and the handler is not called then', async () => {
    lab = new PeerLab();
    lab.events.on('message', (peer) => void peer.disconnect());
    const { peer, remote } = await lab.ready();
    remote.send(requestAddresses());
    await lab.settle();
    expect((await peer.closed).reason).toBe('local');
    expect(lab.handled).toEqual([]);
  });
});
