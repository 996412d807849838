/** Frames that don't arrive whole. */
import { dialectOf } from '../../dist/index.js';
import * as fixtures from '../fixtures.mjs';
import * as floor from '../floor.mjs';
import { comparison, expectSame } from '../row.mjs';

const KIB = 1024;
const MIB = 1024 * KIB;
const SIZE = 16 * MIB;

const newDecoder = () => dialectOf('legacy').createFrameDecoder({ magic: fixtures.LEGACY_MAGIC });

/** A frame as it would come. The chunks have one memory: thousands of their own would be a burden to each collection of garbage. */
function chunksOf(frame, size) {
  const chunks = [];
  for (let at = 0; at < frame.length; at += size) chunks.push(frame.subarray(at, at + size));
  return chunks;
}

/** Hands over all chunks of a frame; returns what depends on the message that comes out. */
function receiverOf(frame, chunkSize) {
  const chunks = chunksOf(frame, chunkSize);
  const decoder = newDecoder();
  return () => {
    let last;
    for (const chunk of chunks) for (const message of decoder.push(chunk)) last = message;
    return last.payload.raw.at(-1) + last.payload.raw.length;
  };
}

const againstFloor = [64 * KIB, KIB].map((chunkSize) =>
  comparison({
    name: `one 16 MiB frame in ${chunkSize / KIB} KiB chunks`,
    baseline: 'floor',
    required: 0.45,
    prepare: () => {
      const frame = fixtures.opaqueFrame(SIZE);
      const payload = fixtures.legacyPayload(frame);
      const subject = receiverOf(frame, chunkSize);
      return {
        subject,
        baseline: () => floor.twice(payload).charCodeAt(0),
        check: () => expectSame(subject(), payload.at(-1) + payload.length),
      };
    },
  }),
);

const eachOther = comparison({
  name: 'one 16 MiB frame in 1 KiB chunks',
  baseline: 'in 64 KiB chunks',
  required: 1.5,
  better: 'lower',
  prepare: () => {
    const frame = fixtures.opaqueFrame(SIZE);
    return { subject: receiverOf(frame, KIB), baseline: receiverOf(frame, 64 * KIB) };
  },
});

/** So many bytes of a frame have come, in chunks of one packet. */
const ARRIVED = [25, KIB, KIB + 1, 10 * KIB, 64 * KIB + 1, MIB + 1];
const PACKET = 1460;

/** Bytes that decoders hold at a time, about: so that what one of them holds can be told from chance. */
const HELD = 32 * MIB;
const MOST_DECODERS = 10_000;

/** Memory outside the heap by byte that has arrived, at the worst of the sizes. */
function pinned() {
  const frame = fixtures.opaqueFrame(SIZE);
  return Math.max(...ARRIVED.map((arrived) => pinnedBy(frame.subarray(0, arrived)) / arrived));
}

function pinnedBy(part) {
  const count = Math.min(MOST_DECODERS, Math.ceil(HELD / part.length));
  const before = memoryOutsideHeap();
  const decoders = Array.from({ length: count }, () => decoderWith(part));
  const held = memoryOutsideHeap() - before;
  if (decoders.some(({ buffered }) => buffered === 0)) throw new Error('a decoder holds nothing');
  return held / count;
}

function decoderWith(part) {
  const decoder = newDecoder();
  for (const chunk of chunksOf(part, PACKET)) {
    for (const message of decoder.push(chunk)) throw new Error(`${message.command} is whole`);
  }
  return decoder;
}

function memoryOutsideHeap() {
  globalThis.gc();
  return process.memoryUsage().arrayBuffers;
}

const pinnedRow = {
  entries: [
    {
      name: 'memory that a frame of a claimed 16 MiB pins, by byte that has arrived',
      baseline: 'none',
      required: 8,
      better: 'lower',
      unit: 'times',
    },
  ],
  short: true,
  needsPeers: false,
  nodeFlags: ['--expose-gc'],
  measure: async () => {
    const ratio = pinned();
    return [{ ratio, median: ratio, runs: ARRIVED.length }];
  },
};

export const rows = [...againstFloor, eachOther, pinnedRow];
