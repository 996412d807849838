import { compressSync } from 'lz4-napi';

/** Command bytes of NEO N3, by the names we give them: written down a second time, from the protocol. */
export const N3_COMMAND_BYTES: Readonly<Record<string, number>> = Object.freeze({
  version: 0x00,
  verack: 0x01,
  getaddr: 0x10,
  addr: 0x11,
  ping: 0x18,
  pong: 0x19,
  getheaders: 0x20,
  headers: 0x21,
  getblocks: 0x24,
  mempool: 0x25,
  inv: 0x27,
  getdata: 0x28,
  getblockbyindex: 0x29,
  notfound: 0x2a,
  transaction: 0x2b,
  block: 0x2c,
  extensible: 0x2e,
  reject: 0x2f,
  filterload: 0x30,
  filteradd: 0x31,
  filterclear: 0x32,
  merkleblock: 0x38,
  alert: 0x40,
  p2pnotaryrequest: 0x50,
  getmptdata: 0x51,
  mptdata: 0x52,
});

/** A command byte that nobody has given a meaning. */
export const N3_UNKNOWN_COMMAND = 0x77;

/** A count or length as it stands on the wire of either dialect. */
export function varint(value: number): Buffer {
  if (value < 0xfd) return Buffer.from([value]);
  if (value <= 0xffff) {
    const bytes = Buffer.alloc(3, 0xfd);
    bytes.writeUInt16LE(value, 1);
    return bytes;
  }
  const bytes = Buffer.alloc(5, 0xfe);
  bytes.writeUInt32LE(value, 1);
  return bytes;
}

/** A frame of NEO N3 made field by field, so that any field can be wrong. */
export function n3Frame(
  command: string | number,
  payload: Uint8Array = new Uint8Array(0),
  wrong: { readonly flags?: number; readonly length?: number } = {},
): Buffer {
  const byte = typeof command === 'number' ? command : N3_COMMAND_BYTES[command];
  if (byte === undefined) throw new TypeError(`no command: ${command}`);
  return Buffer.concat([Buffer.from([wrong.flags ?? 0, byte]), varint(wrong.length ?? payload.length), payload]);
}

/**
 * A payload as it goes into a frame with the compression flag: its size, and an LZ4 block that holds it uncompressed.
 *
 * @param size what it says it will be
 */
export function n3Literals(payload: Uint8Array, size = payload.length): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32LE(size);
  const rest = payload.length - 15;
  const lengths = rest < 0 ? [] : [...Array<number>(Math.floor(rest / 255)).fill(255), rest % 255];
  return Buffer.concat([head, Buffer.from([Math.min(payload.length, 15) << 4, ...lengths]), payload]);
}

/** A frame of NEO N3 whose payload is compressed, also where no node would do that. */
export function n3CompressedFrame(command: string, payload: Uint8Array): Buffer {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  return n3Frame(command, compressSync(bytes), { flags: 1 });
}
