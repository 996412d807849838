/** Real applications with a `PeerModule`, and remotes for them that cost as little as a remote can. */
import 'reflect-metadata';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { PeerFactory, PeerModule } from '../dist/index.js';
import { LEGACY_MAGIC, legacyFrame } from './fixtures.mjs';

const HOST = '127.0.0.1';
const HEADER_SIZE = 24;
const LENGTH_AT = 16;

/** Everybody of the same network as the frames of `fixtures.mjs`. */
export const NETWORK = Object.freeze({
  name: 'bench',
  dialect: 'legacy',
  magic: LEGACY_MAGIC,
  port: 10333,
  seeds: Object.freeze([]),
});

/**
 * An application with nothing but a `PeerModule`.
 *
 * @param {object} options of `PeerModule.forRoot`, beside the network; nothing is kept unless they say so
 */
export function peerApplication(options = {}) {
  const given = { network: NETWORK, persistence: { dataSource: false }, ...options };
  return NestFactory.createApplicationContext(PeerModule.forRoot(given), { logger: ['error', 'warn'] });
}

/** Lets an application accept connections; resolves with its port. */
export async function listen(application) {
  const { address } = await application.get(PeerFactory).listen({ host: HOST, port: 0 });
  return address.port;
}

/** The version message of a C# node. */
export function versionFrame(nonce, height = 0, magic = LEGACY_MAGIC) {
  const userAgent = Buffer.from('/NEO:2.12.1/');
  const head = Buffer.alloc(22);
  head.writeBigUInt64LE(1n, 4);
  head.writeUInt32LE(1_700_000_000, 12);
  head.writeUInt32LE(nonce, 18);
  const tail = Buffer.alloc(5);
  tail.writeUInt32LE(height, 0);
  tail[4] = 1;
  return legacyFrame('version', Buffer.concat([head, Buffer.from([userAgent.length]), userAgent, tail]), magic);
}

export const VERACK = legacyFrame('verack', Buffer.alloc(0));

/** The commands of the whole frames in some bytes. */
function commandsIn(bytes) {
  const commands = [];
  for (let at = 0; at + HEADER_SIZE <= bytes.length; at += HEADER_SIZE + bytes.readUInt32LE(at + LENGTH_AT)) {
    commands.push(bytes.toString('latin1', at + 4, at + 16).replace(/\0+$/, ''));
  }
  return commands;
}

/**
 * Does the remote's half of a handshake on a socket. What comes afterwards is read, and left.
 *
 * @param {import('node:net').Socket} socket
 */
async function shakeHands(socket, nonce) {
  socket.setNoDelay(true);
  socket.write(versionFrame(nonce));
  socket.write(VERACK);
  let came = Buffer.alloc(0);
  while (!commandsIn(came).includes('verack')) {
    const [chunk] = await once(socket, 'data');
    came = Buffer.concat([came, chunk]);
  }
  socket.resume();
}

/** A socket to an application's port, its handshake done. */
export async function remoteOf(port, nonce = 1) {
  const socket = connect({ host: HOST, port });
  await once(socket, 'connect');
  await shakeHands(socket, nonce);
  return socket;
}

/**
 * The two ends of a connection over loopback.
 *
 * @param {(chunk: Buffer) => void} received
 * @returns {Promise<{ socket: import('node:net').Socket, close: () => void }>} the sending end
 */
export async function socketPair(received) {
  const server = createServer({ noDelay: true }, (socket) => socket.on('data', received));
  server.listen(0, HOST);
  await once(server, 'listening');
  const socket = connect({ host: HOST, port: server.address().port, noDelay: true });
  await once(socket, 'connect');
  return {
    socket,
    close: () => {
      socket.destroy();
      server.close();
    },
  };
}

/** Resolves when something has been counted so often. */
export class Countdown {
  #left = 0;
  #done = () => undefined;

  begin(count) {
    this.#left = count;
    return new Promise((resolve) => (this.#done = resolve));
  }

  count(by = 1) {
    this.#left -= by;
    if (this.#left === 0) this.#done();
  }
}
