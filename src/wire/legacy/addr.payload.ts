import type { NetworkAddress } from '../common/network-address.js';
import { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { DecodeError } from '../primitives/decode.error.js';
import { IP_ADDRESS_SIZE, ipBytes, ipText } from '../primitives/ip-address.js';
import { u16BigEndianAt, u32At, u64At } from '../primitives/little-endian.js';
import { LegacyView } from './legacy-view.js';
import { MAX_ADDRESSES } from './limits.js';

/** u32 timestamp, u64 services, 16 bytes of IPv6, u16 port with the most significant byte first. */
const ENTRY_SIZE = 30;
const IP_OFFSET = 12;
const PORT_OFFSET = IP_OFFSET + IP_ADDRESS_SIZE;

/** No count of entries can be larger than what a frame holds; this only keeps the check in one place. */
const ANY_COUNT = 0xffffffff;

/**
 * The payload of `addr`: where others listen.
 *
 * @publicApi
 */
export class AddrPayload extends LegacyView {
  #addresses: readonly NetworkAddress[] | undefined;

  private constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    /** Where the first entry begins, from `start`. */
    private readonly entriesAt: number,
  ) {
    super(bytes, start, end);
  }

  /** @internal */
  static decode(reader: ByteReader): AddrPayload {
    const start = reader.offset;
    const count = reader.count('addresses', ANY_COUNT, ENTRY_SIZE);
    const entriesAt = reader.offset - start;
    reader.skip(count * ENTRY_SIZE, 'addresses');
    return new AddrPayload(reader.bytes, start, reader.offset, entriesAt);
  }

  /** @throws DecodeError when there are more than 200, or a host isn't an IP address */
  static from({ addresses }: { readonly addresses: readonly NetworkAddress[] }): AddrPayload {
    if (addresses.length > MAX_ADDRESSES) {
      const detail = `${addresses.length} is over the limit of ${MAX_ADDRESSES}`;
      throw new DecodeError({ command: 'addr', field: 'addresses', offset: 0, problem: 'limit', detail });
    }
    const writer = new ByteWriter(1 + addresses.length * ENTRY_SIZE).varint(addresses.length);
    for (const { timestamp, services, host, port } of addresses) {
      writer.u32(timestamp).u64(services).bytes(ipBytes(host)).u16BigEndian(port);
    }
    return AddrPayload.decode(new ByteReader(writer.finish(), 'addr'));
  }

  /** The addresses as they were sent, useless ones included; of a list over 200, the first 200. May be empty. */
  get addresses(): readonly NetworkAddress[] {
    return (this.#addresses ??= this.entries().map((at) => ({
      host: ipText(this.bytes, at + IP_OFFSET),
      port: u16BigEndianAt(this.bytes, at + PORT_OFFSET),
      timestamp: u32At(this.bytes, at),
      services: u64At(this.bytes, at + 4),
    })));
  }

  toJSON(): object {
    return {
      addresses: this.addresses.map(({ timestamp, services, host, port }, i) => {
        const at = this.start + this.entriesAt + i * ENTRY_SIZE + IP_OFFSET;
        const bytes = Buffer.from(this.bytes.subarray(at, at + IP_ADDRESS_SIZE)).toString('hex');
        return { timestamp, services: String(services), ipBytes: bytes, ip: host, port };
      }),
    };
  }

  protected over(bytes: Uint8Array): this {
    return new AddrPayload(bytes, 0, bytes.length, this.entriesAt) as this;
  }

  /** Where the entries that count begin. */
  private entries(): number[] {
    const first = this.start + this.entriesAt;
    const count = Math.min((this.end - first) / ENTRY_SIZE, MAX_ADDRESSES);
    return Array.from({ length: count }, (_, i) => first + i * ENTRY_SIZE);
  }
}
