/** N3, from the bytes of a frame to what is in it. */
import { uncompressSync } from 'lz4-napi';
import * as library from '../../dist/index.js';
import * as fixtures from '../fixtures.mjs';
import * as floor from '../floor.mjs';
import { comparison } from '../row.mjs';

const dialect = library.dialectOf('n3');
const BLOCK = 0x2c;

function decoderOf(frame) {
  const decoder = dialect.createFrameDecoder({ magic: fixtures.N3_MAGIC });
  return () => {
    let last;
    for (const message of decoder.push(frame)) last = message;
    return last.payload;
  };
}

const first = (digest) => digest.charCodeAt(0);

/** Every hash, of which the first byte is looked at. */
const hashesOf = (things) => things.reduce((sum, { hash }) => sum + first(hash.key), 0);

const hashed = (unsigned) => unsigned.reduce((sum, bytes) => sum + first(floor.once(bytes)), 0);

const headers = comparison({
  name: 'N3 headers of 2000, every hash',
  baseline: 'floor',
  required: 0.5,
  prepare: () => {
    const decode = decoderOf(fixtures.n3HeadersFrame(2000));
    const unsigned = fixtures.n3Headers(2000).map((header) => header.subarray(0, fixtures.UNSIGNED_HEADER.n3));
    return { subject: () => hashesOf(decode().headers), baseline: () => hashed(unsigned) };
  },
});

/** The hashes of a block and of all its transactions. */
const allHashes = (block) => first(block.hash.key) + hashesOf(block.transactions);

/** What those are the hashes of. */
function unsignedParts(payload) {
  const { transactions } = dialect.decodePayload('block', payload);
  return [
    payload.subarray(0, fixtures.UNSIGNED_HEADER.n3),
    ...transactions.map(({ raw, unsignedLength }) => raw.subarray(0, unsignedLength)),
  ];
}

const block = comparison({
  name: 'N3 block of 500, every hash',
  baseline: 'floor',
  required: 0.5,
  prepare: () => {
    const payload = fixtures.n3BlockPayload(500, library);
    const [decode, unsigned] = [decoderOf(fixtures.n3Frame(BLOCK, payload)), unsignedParts(payload)];
    return { subject: () => allHashes(decode()), baseline: () => hashed(unsigned) };
  },
});

const compressedBlock = comparison({
  name: 'N3 compressed block of 500, every hash',
  baseline: 'decompression + floor',
  required: 0.6,
  prepare: () => {
    const payload = fixtures.n3BlockPayload(500, library);
    const message = { dialect: 'n3', command: 'block', payload: dialect.decodePayload('block', payload) };
    const frame = dialect.encode(message, fixtures.N3_MAGIC, { compress: true });
    if (frame[0] !== 1) throw new Error('the block was not compressed');
    const compressed = frame.subarray(frame[2] === 0xfd ? 5 : 7);
    const [decode, unsigned] = [decoderOf(frame), unsignedParts(payload)];
    return {
      subject: () => allHashes(decode()),
      baseline: () => (uncompressSync(compressed).length === payload.length ? hashed(unsigned) : NaN),
    };
  },
});

export const rows = [headers, block, compressedBlock];
