/** The remote ends of many connections: keeps as many as its parent asks for, to the port in its arguments. */
import { connect } from 'node:net';
import { once } from 'node:events';
import { VERACK, versionFrame } from '../application.mjs';

/** Dialled at a time: a listener's queue holds no more than 511. */
const AT_A_TIME = 100;

const port = Number(process.argv[2]);
const sockets = [];

/** Says what a node says first, and reads what it is told. */
async function dial(nonce) {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  socket.resume();
  socket.write(versionFrame(nonce));
  socket.write(VERACK);
  sockets.push(socket);
}

async function keep(count) {
  while (sockets.length < count) {
    const missing = Math.min(AT_A_TIME, count - sockets.length);
    await Promise.all(Array.from({ length: missing }, (_, i) => dial(sockets.length + i + 1)));
  }
  process.send(sockets.length);
}

process.on('message', (count) => void keep(count));
