import type { Capability } from '../common/capability.js';
import type { NetworkAddress } from '../common/network-address.js';
import { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { toHex } from '../primitives/hex.js';
import { IP_ADDRESS_SIZE, ipBytes, mappedIpText } from '../primitives/ip-address.js';
import { capabilityJson, capabilityNamed, readCapabilities, writeCapabilities } from './capability-codec.js';
import { MAX_ADDRESSES } from './limits.js';
import { N3View } from './n3-view.js';

/** u32 timestamp, 16 bytes of IPv6, the number of capabilities. */
const MIN_ENTRY_SIZE = 4 + IP_ADDRESS_SIZE + 1;

/**
 * Where somebody listens, as an `addr` of NEO N3 tells it: in capabilities, from which `port` and `services` follow.
 *
 * @publicApi
 */
export interface N3Address extends NetworkAddress {
  readonly capabilities: readonly Capability[];
}

/**
 * The payload of `addr`: where others listen.
 *
 * @publicApi
 */
export class AddrPayload extends N3View {
  private constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    /** The addresses as they were sent, useless ones included: 1 to 200. */
    readonly addresses: readonly N3Address[],
  ) {
    super(bytes, start, end);
  }

  /** @internal */
  static decode(reader: ByteReader): AddrPayload {
    const start = reader.offset;
    const count = reader.count('addresses', MAX_ADDRESSES, MIN_ENTRY_SIZE);
    if (count === 0) reader.fail('addresses', 'value', 'no address', start);
    const addresses: N3Address[] = [];
    reader.enter('addresses');
    for (let i = 0; i < count; i++) {
      reader.at(i);
      addresses.push(readAddress(reader));
    }
    reader.leave();
    return new AddrPayload(reader.bytes, start, reader.offset, addresses);
  }

  /** @throws DecodeError when there are none or more than 200, a host isn't an IP address, or capabilities contradict each other */
  static from({ addresses }: { readonly addresses: readonly NetworkAddress[] }): AddrPayload {
    const writer = new ByteWriter().varint(addresses.length);
    for (const address of addresses) {
      writer.u32(address.timestamp).bytes(ipBytes(address.host));
      writeCapabilities(writer, address.capabilities ?? capabilitiesOf(address));
    }
    return AddrPayload.decode(new ByteReader(writer.finish(), 'addr'));
  }

  toJSON(): object {
    return {
      addresses: this.addresses.map(({ timestamp, host, capabilities }) => ({
        timestamp,
        ipBytes: toHex(ipBytes(host)),
        ip: host,
        capabilities: capabilities.map(capabilityJson),
      })),
    };
  }

  protected over(bytes: Uint8Array): this {
    return new AddrPayload(bytes, 0, bytes.length, this.addresses) as this;
  }
}

/** Reads one address. @internal */
export function readAddress(reader: ByteReader): N3Address {
  const timestamp = reader.u32('timestamp');
  const host = mappedIpText(reader.take(IP_ADDRESS_SIZE, 'ip'));
  const capabilities = readCapabilities(reader);
  return {
    host,
    port: capabilityNamed('TcpServer', capabilities)?.port ?? 0,
    timestamp,
    services: capabilityNamed('FullNode', capabilities) === undefined ? 0n : 1n,
    capabilities,
  };
}

/** What `port` and `services` of an address say. Its height isn't known: 0 keeps nobody from asking it. */
function capabilitiesOf({ port, services }: NetworkAddress): Capability[] {
  const capabilities: Capability[] = [];
  if ((services & 1n) !== 0n) capabilities.push({ type: 0x10, name: 'FullNode', startHeight: 0 });
  if (port > 0) capabilities.push({ type: 0x01, name: 'TcpServer', port });
  return capabilities;
}
