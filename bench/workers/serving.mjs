/**
 * Serves the headers of the recorded network on so many ports: `serving.mjs <ports>`. Answers are made beforehand, so that
 * whoever syncs is never kept waiting by more than the way.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { versionFrame } from '../application.mjs';
import { chainBlocks, legacyFrame, UNSIGNED_HEADER, varint } from '../fixtures.mjs';
import { networkOf, UInt256 } from '../../dist/index.js';
import { twice } from '../floor.mjs';

const A_MESSAGE = 2000;
const HEADER_SIZE = 24;

const { magic, genesis } = networkOf('legacy-local');
const headers = chainBlocks('legacy-local.chain').map(headerOf);
const version = versionFrame(1, headers.length, magic);
const verack = legacyFrame('verack', Buffer.alloc(0), magic);
const answers = new Map();

/** The header at the beginning of a block, and the empty list of transactions that it has in a `headers` message. */
function headerOf(block) {
  const invocation = UNSIGNED_HEADER.legacy + 1;
  const verification = invocation + lengthAt(block, invocation);
  return Buffer.concat([block.subarray(0, verification + lengthAt(block, verification)), Buffer.from([0])]);
}

/** Bytes of a script with its length before it. */
function lengthAt(bytes, at) {
  return bytes[at] < 0xfd ? 1 + bytes[at] : 3 + bytes.readUInt16LE(at + 1);
}

/** The answer to who has the header of that hash. */
function answerAfter(hash) {
  if (!answers.has(hash)) {
    const from = indexAfter.get(hash);
    const page = headers.slice(from, from + A_MESSAGE);
    answers.set(hash, legacyFrame('headers', Buffer.concat([varint(page.length), ...page]), magic));
  }
  return answers.get(hash);
}

const genesisKey = UInt256.from(genesis).key;
const indexAfter = new Map([
  [genesisKey, 0],
  ...headers.map((header, i) => [twice(header.subarray(0, UNSIGNED_HEADER.legacy)), i + 1]),
]);
for (let i = 0; i < headers.length; i += A_MESSAGE) {
  answerAfter(i === 0 ? genesisKey : twice(headers[i - 1].subarray(0, UNSIGNED_HEADER.legacy)));
}

function serve(socket) {
  socket.on('error', () => socket.destroy());
  socket.write(version);
  socket.write(verack);
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= HEADER_SIZE && rest.length >= HEADER_SIZE + rest.readUInt32LE(16)) {
      const end = HEADER_SIZE + rest.readUInt32LE(16);
      if (rest.toString('latin1', 4, 15) === 'getheaders\0') socket.write(answerAfter(rest.toString('latin1', 25, 57)));
      rest = rest.subarray(end);
    }
  });
}

const ports = [];
for (let i = 0; i < Number(process.argv[2]); i++) {
  const server = createServer({ noDelay: true }, serve);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ports.push(server.address().port);
}
process.send(ports);
process.once('disconnect', () => process.exit(0));
