import { once } from 'node:events';
import { createServer } from 'node:net';
import { Logger } from '@nestjs/common';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { TcpListener } from '../../src/environment/tcp-listener.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';

describe('TcpListener', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('survives connections that could not be accepted, and tells it once a minute', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const clock = new VirtualClock();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const listener = new TcpListener(server, clock);
    for (let i = 0; i < 1000; i++) server.emit('error', new Error('accept EMFILE'));
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('EMFILE'));
    await clock.advance(60_000);
    server.emit('error', new Error('accept EMFILE'));
    expect(warn).toHaveBeenCalledTimes(2);
    expect(server.listening).toBe(true);
    await listener.close();
    expect(server.listening).toBe(false);
  });
});
