import { afterEach, describe, expect, it } from '@jest/globals';
import { MAX_OPEN_REQUESTS, RemoteRequests } from '../../../src/peer/connection/remote-requests.js';
import { NotAskedError } from '../../../src/peer/errors/not-asked.error.js';
import type { Outgoing } from '../../../src/wire/messages.js';
import { LEGACY_KIT, N3_KIT } from '../../support/dialect-kit.js';
import { failure } from '../../support/failure.js';
import { PeerLab } from '../../support/peer-lab.js';

const { network, dialect } = N3_KIT;
const quiet = { keepaliveMs: 0 };

/** The answers, with the requests that they may be sent to. */
const ANSWERS: readonly (readonly [string, () => Outgoing, () => Outgoing])[] = [
  ['addr', () => N3_KIT.addr(), () => dialect.requestAddresses()],
  ['headers', () => dialect.headers(N3_KIT.headers(1)), () => dialect.requestHeaders({ index: 1 }, {})!],
];

let lab: PeerLab | undefined;
afterEach(async () => {
  await lab?.close();
  lab = undefined;
});

describe('n3: an answer', () => {
  it.each([...ANSWERS.map(([command, make]) => [command, make] as const), ['pong', () => N3_KIT.pong(1)] as const])(
    'is not sent to who has not asked: %s',
    async (command, make) => {
      lab = new PeerLab({ network, timeouts: quiet });
      const { peer, remote } = await lab.ready();
      const error = await failure(peer.send(make()));
      expect(error).toBeInstanceOf(NotAskedError);
      expect(error).toMatchObject({ code: 'NEO_PEER_NOT_ASKED', command });
      expect(peer.post(make())).toBe(false);
      await lab.settle();
      expect(remote.received).toHaveLength(2);
      expect(peer.state).toBe('ready');
    },
  );

  it.each(ANSWERS)('is sent once for each request: %s', async (command, make, ask) => {
    lab = new PeerLab({ network, timeouts: quiet });
    const { peer, remote } = await lab.ready();
    remote.send(ask());
    remote.send(ask());
    await lab.settle();
    await Promise.all([peer.send(make()), lab.settle()]);
    expect(peer.post(make())).toBe(true);
    expect(peer.post(make())).toBe(false);
    expect(await failure(peer.send(make()))).toMatchObject({ code: 'NEO_PEER_NOT_ASKED', command });
    await lab.settle();
    expect(remote.received.map((message) => message.command).slice(2)).toEqual([command, command]);
    remote.send(ask());
    await lab.settle();
    expect(peer.post(make())).toBe(true);
  });

  it('is sent to who has asked for just that', async () => {
    lab = new PeerLab({ network, timeouts: quiet });
    const { peer, remote } = await lab.ready();
    remote.send(dialect.requestAddresses());
    await lab.settle();
    expect(peer.post(dialect.headers(N3_KIT.headers(1)))).toBe(false);
    expect(peer.post(N3_KIT.addr())).toBe(true);
  });

  it('to a ping goes out by itself, so that there is none left to send', async () => {
    lab = new PeerLab({ network, timeouts: quiet });
    const { peer, remote } = await lab.ready();
    remote.send(dialect.ping(1, 0, 5));
    await lab.settle();
    expect(remote.received.map(({ command }) => command).slice(2)).toEqual(['pong']);
    expect(peer.post(N3_KIT.pong(1))).toBe(false);
  });

  it('that found no room may be sent later', async () => {
    lab = new PeerLab({ network, timeouts: quiet, limits: { outboxMessages: 1 }, memory: { windowBytes: 10 } });
    const { peer, remote } = await lab.ready();
    remote.send(dialect.requestAddresses());
    await lab.settle();
    remote.connection.pause();
    const [block] = N3_KIT.blocks(1);
    while (peer.post(N3_KIT.block(block!))) await lab.settle();
    expect(peer.post(N3_KIT.addr())).toBe(false);
    const sending = failure(peer.send(N3_KIT.addr(), { timeoutMs: 100 }));
    expect(await failure(peer.send(N3_KIT.addr()))).toMatchObject({ code: 'NEO_PEER_NOT_ASKED' }); // the one that waits
    await lab.clock.advance(100);
    expect(await sending).toMatchObject({ code: 'NEO_PEER_MAILBOX_FULL' });
    remote.connection.resume();
    await lab.settle();
    expect(peer.post(N3_KIT.addr())).toBe(true);
    await lab.settle();
    expect(remote.received.filter(({ command }) => command === 'addr')).toHaveLength(1);
  });

  it('on its way when its caller gives up has been sent', async () => {
    lab = new PeerLab({ network, timeouts: quiet, memory: { windowBytes: 10 } });
    const { peer, remote } = await lab.ready();
    remote.send(dialect.requestAddresses());
    await lab.settle();
    remote.connection.pause();
    peer.post(N3_KIT.message('alert', new Uint8Array(20_000)));
    await lab.settle();
    const sending = failure(peer.send(N3_KIT.addr(), { timeoutMs: 100 }));
    await lab.clock.advance(100);
    expect(await sending).toMatchObject({ code: 'NEO_PEER_MAILBOX_FULL' });
    expect(peer.post(N3_KIT.addr())).toBe(false);
    remote.connection.resume();
    await lab.settle();
    expect(remote.received.filter(({ command }) => command === 'addr')).toHaveLength(1);
  });

  it('is of one connection: who has asked on another gets it there', async () => {
    lab = new PeerLab({ network, timeouts: quiet });
    const asking = await lab.ready();
    const silent = await lab.ready();
    asking.remote.send(dialect.requestAddresses());
    await lab.settle();
    expect(silent.peer.post(N3_KIT.addr())).toBe(false);
    expect(asking.peer.post(N3_KIT.addr())).toBe(true);
  });
});

describe('open requests of a remote', () => {
  it('are remembered up to a bound', () => {
    const requests = new RemoteRequests();
    for (let i = 0; i < MAX_OPEN_REQUESTS + 5; i++) requests.received('getaddr');
    for (let i = 0; i < MAX_OPEN_REQUESTS; i++) expect(requests.answer('getaddr')).toBe(true);
    expect(requests.answer('getaddr')).toBe(false);
  });

  it('are of no interest in a dialect where anything may be sent at any time', async () => {
    lab = new PeerLab({ network: LEGACY_KIT.network, timeouts: quiet });
    const { peer } = await lab.ready();
    expect(peer.post(LEGACY_KIT.addr())).toBe(true);
    expect(peer.post(LEGACY_KIT.dialect.headers(LEGACY_KIT.headers(1)))).toBe(true);
  });
});
