/** NEO 2.x, from the bytes of a frame to what is in it. */
import { dialectOf } from '../../dist/index.js';
import * as fixtures from '../fixtures.mjs';
import * as floor from '../floor.mjs';
import { neoOneSide } from '../neo-one-side.mjs';
import { comparison, expectSame } from '../row.mjs';

const TRANSACTIONS = 17_221;

/** Gives the message of a frame, each time anew, as a connection would that gets nothing else. */
function decoderOf(frame) {
  const decoder = dialectOf('legacy').createFrameDecoder({ magic: fixtures.LEGACY_MAGIC });
  return () => {
    let last;
    for (const message of decoder.push(frame)) last = message;
    return last;
  };
}

const first = (digest) => digest.charCodeAt(0);

/** The checksum of a frame, as the hashing of it: no side gets around that. */
const checksum = (payload) => first(floor.twice(payload));

const version = comparison({
  name: 'Legacy version frame to typed message, all fields read',
  baseline: 'neo-one',
  required: 3,
  prepare: () => {
    const decode = decoderOf(fixtures.legacyVersionFrame());
    const subject = () => {
      const { version: protocol, services, timestamp, port, nonce, userAgent, startHeight, relay } = decode().payload;
      const numbers = protocol + Number(services) + timestamp + port + nonce + startHeight;
      return numbers + userAgent.length + Number(relay);
    };
    return { subject, baseline: neoOneSide('version') };
  },
});

/** 500 hashes: what the list is read for. */
function inventory(name, baseline, required, sidesOf) {
  return comparison({
    name: `Legacy inv of 500, ${name}`,
    baseline,
    required,
    prepare: () => sidesOf(fixtures.legacyInventoryFrame(500)),
  });
}

const inventories = [
  inventory('as a list, count and type read', 'floor', 0.85, (frame) => {
    const [decode, payload] = [decoderOf(frame), fixtures.legacyPayload(frame)];
    return {
      subject: () => countAndType(decode()),
      baseline: () => checksum(payload),
      check: () => expectSame(countAndType(decode()), 501),
    };
  }),
  inventory('as a list, count and type read', 'neo-one', 4, (frame) => {
    const decode = decoderOf(frame);
    return { subject: () => countAndType(decode()), baseline: neoOneSide('inventory') };
  }),
  ...Object.entries({
    'each hash taken as key': ({ hashes }) => sumOf(hashes.length, (i) => first(hashes.keyAt(i))),
    'each hash taken as object and key, by index': ({ hashes }) => sumOf(hashes.length, (i) => first(hashes.at(i).key)),
    'each hash taken as object and key, in a loop': ({ hashes }) => {
      let sum = 0;
      for (const hash of hashes) sum += first(hash.key);
      return sum;
    },
    'each hash taken as Buffer': ({ hashes: { bytes, length } }) =>
      sumOf(length, (i) => bytes.subarray(i * 32, (i + 1) * 32)[0]),
  }).map(([name, sumOfHashes]) =>
    inventory(name, 'floor', 0.22, (frame) => {
      const [decode, payload] = [decoderOf(frame), fixtures.legacyPayload(frame)];
      const taken = () => sumOfHashes(decode().payload);
      return {
        subject: taken,
        baseline: () => checksum(payload),
        check: () => expectSame(taken(), sumOfFirsts(payload)),
      };
    }),
  ),
];

function countAndType({ payload }) {
  return payload.hashes.length + payload.type;
}

function sumOf(count, valueAt) {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += valueAt(i);
  return sum;
}

/** The first byte of each hash in an inventory of 500. */
function sumOfFirsts(payload) {
  let sum = 0;
  for (let at = 4; at < payload.length; at += 32) sum += payload[at];
  return sum;
}

function headers(name, baseline, required, sidesOf) {
  return comparison({
    name: `Legacy headers of 2000 (5-of-7 witnesses), ${name}`,
    baseline,
    required,
    prepare: () => sidesOf(fixtures.legacyHeadersFrame(2000)),
  });
}

const indexes = (payload) => payload.headers.reduce((sum, { index }) => sum + index, 0);

/** Every hash, of which the first byte is looked at. */
const hashes = (payload) => payload.headers.reduce((sum, { hash }) => sum + first(hash.key), 0);

const headerRows = [
  headers('indexes read, no hash', 'floor', 0.8, (frame) => {
    const [decode, payload] = [decoderOf(frame), fixtures.legacyPayload(frame)];
    return {
      subject: () => indexes(decode().payload),
      baseline: () => checksum(payload),
      check: () => expectSame(indexes(decode().payload), (2000 * 2001) / 2),
    };
  }),
  headers('indexes read, no hash', 'neo-one', 3.5, (frame) => {
    const decode = decoderOf(frame);
    return { subject: () => indexes(decode().payload), baseline: neoOneSide('headerIndexes') };
  }),
  headers('every hash read', 'floor', 0.65, (frame) => {
    const [decode, payload] = [decoderOf(frame), fixtures.legacyPayload(frame)];
    const unsigned = fixtures.legacyHeaders(2000).map((header) => header.subarray(0, fixtures.UNSIGNED_HEADER.legacy));
    const hashed = () => unsigned.reduce((sum, bytes) => sum + first(floor.twice(bytes)), 0);
    return {
      subject: () => hashes(decode().payload),
      baseline: () => checksum(payload) + hashed(),
      check: () => expectSame(hashes(decode().payload), hashed()),
    };
  }),
  headers('every hash read', 'neo-one', 7, (frame) => {
    const decode = decoderOf(frame);
    return { subject: () => hashes(decode().payload), baseline: neoOneSide('headerHashes') };
  }),
];

function block(baseline, required, sidesOf) {
  return comparison({
    name: 'the 17,221-transaction block: every transaction hash, merkle root checked',
    baseline,
    required,
    prepare: () => sidesOf(fixtures.legacyBlockFrame()),
  });
}

/** Every hash of the block that was decoded. Throws unless the Merkle root is that of the transactions. */
function verified({ payload }) {
  payload.verify();
  return payload.transactions.reduce((sum, { hash }) => sum + first(hash.key), 0);
}

const blocks = [
  block('floor', 0.55, (frame) => {
    const [decode, payload] = [decoderOf(frame), fixtures.legacyPayload(frame)];
    const { transactions, header } = decode().payload;
    const unsigned = transactions.map(({ raw, unsignedLength }) => raw.subarray(0, unsignedLength));
    const root = header.merkleRoot.key;
    const hashed = () => {
      const digests = unsigned.map((bytes) => floor.twice(bytes));
      if (floor.merkleRoot(digests) !== root) throw new Error('the floor comes to another Merkle root');
      return digests.reduce((sum, digest) => sum + first(digest), 0);
    };
    return {
      subject: () => verified(decode()),
      baseline: () => checksum(payload) + hashed(),
      check: () => {
        expectSame(transactions.length, TRANSACTIONS);
        expectSame(verified(decode()), hashed());
      },
    };
  }),
  block('neo-one', 12, (frame) => {
    const decode = decoderOf(frame);
    return { subject: () => verified(decode()), baseline: neoOneSide('block') };
  }),
];

export const rows = [version, ...inventories, ...headerRows, ...blocks];
