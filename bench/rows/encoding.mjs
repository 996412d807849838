/** NEO 2.x, from what is to be said to the bytes of a frame. The floor is the checksum of the frame. */
import { dialectOf, HashList, legacy } from '../../dist/index.js';
import * as fixtures from '../fixtures.mjs';
import * as floor from '../floor.mjs';
import { comparison } from '../row.mjs';

const dialect = dialectOf('legacy');

/** The first byte of the checksum in a frame. */
const CHECKSUM_AT = 20;

function decoded(frame) {
  const [message] = dialect.createFrameDecoder({ magic: fixtures.LEGACY_MAGIC }).push(frame);
  return message.payload;
}

/**
 * @param {Buffer} frame what must come out, byte by byte
 * @param {(decoded: object) => () => object} payloadMaker gives what makes a payload, from a decoded one that is prepared
 */
function encoding(name, command, required, frameOf, payloadMaker) {
  return comparison({
    name: `encode ${name}`,
    baseline: 'floor',
    required,
    prepare: () => {
      const frame = frameOf();
      const payload = fixtures.legacyPayload(frame);
      const make = payloadMaker(decoded(frame));
      const encode = () => dialect.encode({ dialect: 'legacy', command, payload: make() }, fixtures.LEGACY_MAGIC);
      if (!frame.equals(encode())) throw new Error(`${name} is encoded into other bytes`);
      return { subject: () => encode()[CHECKSUM_AT], baseline: () => floor.twice(payload).charCodeAt(0) };
    },
  });
}

const headersFrame = () => fixtures.legacyHeadersFrame(2000);
const inventoryFrame = () => fixtures.legacyInventoryFrame(500);

export const rows = [
  encoding('Legacy headers of 2000 from decoded headers', 'headers', 0.4, headersFrame, ({ headers }) => {
    return () => legacy.HeadersPayload.from({ headers });
  }),
  encoding('Legacy headers of 2000 from fields', 'headers', 0.2, headersFrame, ({ headers }) => {
    const fields = headers.map(fieldsOf);
    return () => legacy.HeadersPayload.from({ headers: fields.map((of) => legacy.LegacyBlockHeader.from(of)) });
  }),
  encoding('inv of 500 from a list as decoded', 'inv', 0.65, inventoryFrame, ({ kind, hashes }) => {
    return () => legacy.InventoryPayload.from({ kind, hashes });
  }),
  encoding('inv of 500 from 500 Buffers, joined', 'inv', 0.33, inventoryFrame, ({ kind, hashes }) => {
    const buffers = buffersOf(hashes);
    return () => legacy.InventoryPayload.from({ kind, hashes: new HashList(Buffer.concat(buffers)) });
  }),
  encoding('inv of 500 from 500 UInt256', 'inv', 0.33, inventoryFrame, ({ kind, hashes }) => {
    const objects = [...hashes];
    return () => legacy.InventoryPayload.from({ kind, hashes: objects });
  }),
  encoding('version', 'version', 0.35, fixtures.legacyVersionFrame, (payload) => {
    const { version, services, timestamp, port, nonce, userAgent, startHeight, relay } = payload;
    const fields = { version, services, timestamp, port, nonce, userAgent, startHeight, relay };
    return () => legacy.VersionPayload.from(fields);
  }),
  encoding('ping', 'ping', 0.35, fixtures.legacyPingFrame, ({ lastBlockIndex, timestamp, nonce }) => {
    const fields = { lastBlockIndex, timestamp, nonce };
    return () => legacy.PingPayload.from(fields);
  }),
];

function fieldsOf(header) {
  const { version, prevHash, merkleRoot, timestamp, index, consensusData, nextConsensus, witness } = header;
  return { version, prevHash, merkleRoot, timestamp, index, consensusData, nextConsensus, witness };
}

function buffersOf(hashes) {
  return Array.from(hashes, (_, i) => Buffer.from(hashes.bytes.subarray(i * 32, (i + 1) * 32)));
}
