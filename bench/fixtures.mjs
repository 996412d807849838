/**
 * What rows are measured with: real headers, blocks and transactions out of test/vectors and src/node/chains, multiplied
 * to the size a row wants. What chance made in them (hashes, signatures, nonces) is made anew in each copy, so that no two
 * are alike and nothing compresses better than the real thing. The same at every run.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { twice } from './floor.mjs';

const root = join(import.meta.dirname, '..');

export const LEGACY_MAGIC = 7630401;
export const N3_MAGIC = 42;

/** Where the fields of a header begin that are the same in both dialects, bytes. */
const HEADER = { prevHash: 4, merkleRoot: 36 };

/** What a signature in an invocation script is pushed with: NEO 2.x by one byte, N3 by two. */
const PUSH = { legacy: Buffer.from('40', 'hex'), n3: Buffer.from('0c40', 'hex') };
const SIGNATURE_SIZE = 64;

/** The bytes of the unsigned part of a header. */
export const UNSIGNED_HEADER = { legacy: 104, n3: 109 };

/** Bytes that look like chance and are the same at every run. */
export function noise(size, seed) {
  return createHash('shake256', { outputLength: size }).update(`bench ${seed}`).digest();
}

export function vectors(path) {
  const file = JSON.parse(readFileSync(join(root, 'test/vectors', path), 'utf8'));
  return Array.isArray(file) ? file : file.vectors;
}

/** The blocks in a chain file of `src/node/chains`: u32 count, then u32 length and bytes of each. */
export function chainBlocks(name) {
  const file = readFileSync(join(root, 'src/node/chains', name));
  const blocks = [];
  for (let at = 4; at < file.length;) {
    const size = file.readUInt32LE(at);
    blocks.push(file.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return blocks;
}

/** A frame of NEO 2.x. */
export function legacyFrame(command, payload, magic = LEGACY_MAGIC) {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(magic, 0);
  header.write(command, 4, 'latin1');
  header.writeUInt32LE(payload.length, 16);
  header.write(twice(payload).slice(0, 4), 20, 'latin1');
  return Buffer.concat([header, payload]);
}

/** The payload of a frame of NEO 2.x. */
export function legacyPayload(frame) {
  return frame.subarray(24);
}

/** A frame of N3, not compressed. */
export function n3Frame(command, payload) {
  return Buffer.concat([Buffer.from([0, command]), varint(payload.length), payload]);
}

export function varint(value) {
  if (value < 0xfd) return Buffer.from([value]);
  const bytes = Buffer.alloc(value <= 0xffff ? 3 : 5);
  bytes[0] = value <= 0xffff ? 0xfd : 0xfe;
  if (value <= 0xffff) bytes.writeUInt16LE(value, 1);
  else bytes.writeUInt32LE(value, 1);
  return bytes;
}

/** The version message of a real node. */
export function legacyVersionFrame() {
  const { hex } = vectors('legacy/frames.json').find(({ name }) => name === 'neo-one version');
  return Buffer.from(hex, 'hex');
}

/** An `inv` of so many transactions. */
export function legacyInventoryFrame(count) {
  return legacyFrame('inv', Buffer.concat([Buffer.from([1]), varint(count), noise(count * 32, 'inventory')]));
}

export function legacyPingFrame(magic = LEGACY_MAGIC) {
  const payload = Buffer.alloc(12);
  payload.writeUInt32LE(7_000_000, 0);
  payload.writeUInt32LE(1_700_000_000, 4);
  payload.writeUInt32LE(0x12345678, 8);
  return legacyFrame('ping', payload, magic);
}

/** MainNet headers, 5-of-7 witnesses and all, multiplied. Each has the byte behind it that items of `headers` have. */
export function legacyHeaders(count) {
  const templates = vectors('legacy/headers.json')
    .filter(({ network }) => network === 'MainNet')
    .map(({ hex }) => Buffer.from(hex, 'hex'));
  return Array.from({ length: count }, (_, i) => {
    const header = headerCopy(templates[i % templates.length], 'legacy', i);
    header.writeUInt32LE(i + 1, 72);
    return header;
  });
}

export function legacyHeadersFrame(count) {
  return legacyFrame('headers', Buffer.concat([varint(count), ...legacyHeaders(count)]));
}

/** TestNet block 797966: 17,221 transactions. */
export function legacyBlockFrame() {
  return legacyFrame('block', readFileSync(join(root, 'test/vectors/legacy/block-testnet-797966.bin')));
}

/** A frame of exactly that size whose payload has no layout to check. */
export function opaqueFrame(size) {
  return legacyFrame('alert', noise(size - 24, 'opaque'));
}

/** Headers of the recorded network, 3-of-4 witnesses and all, multiplied. */
export function n3Headers(count) {
  const templates = chainBlocks('n3-local.chain').map((block) => block.subarray(0, n3HeaderSize(block)));
  return Array.from({ length: count }, (_, i) => {
    const header = headerCopy(templates[i % templates.length], 'n3', i);
    header.writeUInt32LE(i + 1, 84);
    return header;
  });
}

export function n3HeadersFrame(count) {
  return n3Frame(0x21, Buffer.concat([varint(count), ...n3Headers(count)]));
}

/**
 * A block of so many transactions, those of the recorded network multiplied.
 *
 * @param {import('../dist/index.js')} library decodes the recorded blocks
 */
export function n3BlockPayload(count, { dialectOf }) {
  const templates = chainBlocks('n3-local.chain')
    .map((bytes) => dialectOf('n3').decodePayload('block', bytes))
    .flatMap(({ transactions }) => transactions);
  const transactions = Array.from({ length: count }, (_, i) => n3TransactionCopy(templates[i % templates.length], i));
  const [header] = n3Headers(1);
  return Buffer.concat([header, varint(count), ...transactions]);
}

function n3TransactionCopy({ raw, unsignedLength }, i) {
  const copy = Buffer.from(raw);
  noise(4, `nonce ${i}`).copy(copy, 1);
  signAnew(copy, unsignedLength, 'n3', i);
  return copy;
}

function headerCopy(template, dialect, i) {
  const copy = Buffer.from(template);
  noise(32, `previous ${i}`).copy(copy, HEADER.prevHash);
  noise(32, `merkle ${i}`).copy(copy, HEADER.merkleRoot);
  signAnew(copy, UNSIGNED_HEADER[dialect], dialect, i);
  return copy;
}

/** Other signatures in the invocation script of the first witness, which begins behind the count at `at`. */
function signAnew(bytes, at, dialect, i) {
  const { start, size } = varBytesAt(bytes, at + 1);
  const push = PUSH[dialect];
  for (let next = start; next < start + size; next += push.length + SIGNATURE_SIZE) {
    if (!bytes.subarray(next, next + push.length).equals(push)) throw new Error(`no signature at ${next}`);
    noise(SIGNATURE_SIZE, `signature ${i} ${next}`).copy(bytes, next + push.length);
  }
}

function n3HeaderSize(block) {
  const invocation = varBytesAt(block, UNSIGNED_HEADER.n3 + 1);
  const verification = varBytesAt(block, invocation.start + invocation.size);
  return verification.start + verification.size;
}

function varBytesAt(bytes, at) {
  if (bytes[at] < 0xfd) return { start: at + 1, size: bytes[at] };
  return { start: at + 3, size: bytes.readUInt16LE(at + 1) };
}
