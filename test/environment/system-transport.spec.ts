import { connect as connectSocket, Socket } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Connection } from '../../src/environment/connection.js';
import { SystemClock } from '../../src/environment/system-clock.js';
import { SystemTransport } from '../../src/environment/system-transport.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import { SilentHost } from '../support/silent-host.js';
import { describeTransport, eventually } from '../support/transport-conformance.js';

let silent: SilentHost;

beforeAll(async () => {
  silent = await SilentHost.start();
});

afterAll(() => silent.stop());

function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap' || name === 'TCPConnectWrap')
    .length;
}

describeTransport('SystemTransport', () => {
  const before = openSockets();
  return {
    transport: new SystemTransport(new SystemClock()),
    host: '127.0.0.1',
    open: () => openSockets() - before,
    silent: silent.address,
  };
});

describe('SystemTransport', () => {
  const transport = new SystemTransport(new SystemClock());

  it('leaves nothing behind of a thousand dials that fail', async () => {
    const clock = new VirtualClock();
    const dialler = new SystemTransport(clock);
    const listener = await transport.listen({ host: '127.0.0.1', port: 0 }, () => undefined);
    await listener.close();
    const before = openSockets();
    for (let round = 0; round < 20; round++) {
      const dials = Array.from({ length: 50 }, () => dialler.connect(listener.address, { timeoutMs: 1000 }));
      const outcomes = await Promise.allSettled(dials);
      expect(outcomes.every((outcome) => outcome.status === 'rejected')).toBe(true);
    }
    expect(openSockets()).toBe(before);
    expect(clock.pending).toBe(0);
  });

  it('sends small writes at once: no Nagle delay', async () => {
    const noDelay = jest.spyOn(Socket.prototype, 'setNoDelay');
    try {
      const listener = await transport.listen({ host: '127.0.0.1', port: 0 }, (far) => far.destroy());
      const near = await transport.connect(listener.address, {});
      near.destroy();
      expect(noDelay).toHaveBeenCalledWith(true);
      await listener.close();
    } finally {
      noDelay.mockRestore();
    }
  });

  it('measures timeouts with the clock it is given', async () => {
    const clock = new VirtualClock();
    const dial = new SystemTransport(clock).connect(silent.address, { timeoutMs: 30_000 });
    await Promise.all([
      expect(dial).rejects.toMatchObject({
        code: 'NEO_PEER_DIAL',
        message: expect.stringContaining('no answer within 30000 ms'),
      }),
      clock.advance(30_000),
    ]);
    expect(clock.pending).toBe(0);
  });

  it('leaves no timer and no abort listener behind, whatever the outcome', async () => {
    const clock = new VirtualClock();
    const dialler = new SystemTransport(clock);
    const { signal } = new AbortController();
    const listened: string[] = [];
    const removed: string[] = [];
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...parameters: Parameters<typeof addEventListener>) => {
      listened.push(parameters[0]);
      addEventListener.apply(signal, parameters);
    };
    signal.removeEventListener = (...parameters: Parameters<typeof removeEventListener>) => {
      removed.push(parameters[0]);
      removeEventListener.apply(signal, parameters);
    };
    const listener = await transport.listen({ host: '127.0.0.1', port: 0 }, (connection) => connection.destroy());
    const connection = await dialler.connect(listener.address, { signal, timeoutMs: 1000 });
    connection.destroy();
    await listener.close();
    await expect(dialler.connect(listener.address, { signal, timeoutMs: 1000 })).rejects.toThrow(
      'nothing listens there',
    );
    expect(clock.pending).toBe(0);
    expect(listened).toHaveLength(2);
    expect(removed).toHaveLength(2);
  });

  it.each([
    ['a port over 65535', { host: '127.0.0.1', port: 65_536 }],
    ['a negative port', { host: '127.0.0.1', port: -1 }],
  ])('refuses %s to dial with DialError and to listen with ListenError', async (_, address) => {
    await expect(transport.connect(address, {})).rejects.toMatchObject({ code: 'NEO_PEER_DIAL' });
    await expect(transport.listen(address, () => undefined)).rejects.toMatchObject({ code: 'NEO_PEER_LISTEN' });
  });

  it('says what to do when the port is taken, with the cause from the system', async () => {
    const first = await transport.listen({ host: '127.0.0.1', port: 0 }, () => undefined);
    await expect(transport.listen(first.address, () => undefined)).rejects.toMatchObject({
      address: `127.0.0.1:${first.address.port}`,
      message: expect.stringContaining('choose another'),
      cause: { code: 'EADDRINUSE' },
    });
    await first.close();
  });

  it('listens on all interfaces without a host, and names IPv4 remotes as IPv4', async () => {
    const accepted: Connection[] = [];
    const listener = await transport.listen({ port: 0 }, (connection) => accepted.push(connection));
    const connection = await transport.connect({ host: '127.0.0.1', port: listener.address.port }, {});
    await eventually(() => accepted.length === 1);
    expect(accepted[0]!.remoteAddress.host).toBe('127.0.0.1');
    expect(accepted[0]!.localAddress).toEqual({ host: '127.0.0.1', port: listener.address.port });
    connection.destroy();
    accepted[0]!.destroy();
    await listener.close();
  });

  it('outlives remotes that connect and reset at once', async () => {
    const closes: (Error | undefined)[] = [];
    let accepted = 0;
    const listener = await transport.listen({ host: '127.0.0.1', port: 0 }, (connection) => {
      accepted++;
      connection.onClose((error) => closes.push(error));
      connection.onData(() => undefined);
    });
    for (let i = 0; i < 20; i++) {
      const socket = connectSocket(listener.address.port, '127.0.0.1');
      await once(socket, 'connect');
      socket.resetAndDestroy();
    }
    const last = await transport.connect(listener.address, {});
    last.destroy();
    await eventually(() => accepted > 0 && closes.length === accepted);
    expect(closes.at(-1)).toBeUndefined();
    await listener.close();
  });
});
