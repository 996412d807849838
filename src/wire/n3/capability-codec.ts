import type { Capability } from '../common/capability.js';
import type { ByteReader } from '../primitives/byte-reader.js';
import type { ByteWriter } from '../primitives/byte-writer.js';
import { DecodeError } from '../primitives/decode.error.js';
import { toHex } from '../primitives/hex.js';
import { MAX_CAPABILITIES, MAX_CAPABILITY_DATA_SIZE } from './limits.js';

/** The byte of each known type of capability. */
const TCP_SERVER = 0x01;
const WS_SERVER = 0x02;
const DISABLE_COMPRESSION = 0x03;
const FULL_NODE = 0x10;
const ARCHIVAL_NODE = 0x11;
const KNOWN: ReadonlySet<number> = new Set([TCP_SERVER, WS_SERVER, DISABLE_COMPRESSION, FULL_NODE, ARCHIVAL_NODE]);

/** Bytes that the shortest capability takes: its type, and the length of no data. */
const MIN_CAPABILITY_SIZE = 2;

/** Reads a list of capabilities, of which at most one may be of each known type. */
export function readCapabilities(reader: ByteReader): readonly Capability[] {
  const count = reader.count('capabilities', MAX_CAPABILITIES, MIN_CAPABILITY_SIZE);
  const capabilities: Capability[] = [];
  reader.enter('capabilities');
  for (let i = 0; i < count; i++) {
    reader.at(i);
    const start = reader.offset;
    const capability = readCapability(reader);
    if (capability.name !== 'Unknown' && capabilities.some(({ type }) => type === capability.type)) {
      reader.fail('type', 'value', `a second ${capability.name}`, start);
    }
    capabilities.push(capability);
  }
  reader.leave();
  return capabilities;
}

/** Reads one capability. The data of an unknown one is copied: it is kept as long as what is known of the node. */
export function readCapability(reader: ByteReader): Capability {
  const type = reader.u8('type');
  switch (type) {
    case TCP_SERVER:
      return { type, name: 'TcpServer', port: reader.u16('port') };
    case WS_SERVER:
      return { type, name: 'WsServer', port: reader.u16('port') };
    case DISABLE_COMPRESSION:
      return readNothing(reader, { type, name: 'DisableCompression' });
    case FULL_NODE:
      return { type, name: 'FullNode', startHeight: reader.u32('startHeight') };
    case ARCHIVAL_NODE:
      return readNothing(reader, { type, name: 'ArchivalNode' });
    default:
      return { type, name: 'Unknown', data: Uint8Array.from(reader.varBytes('data', MAX_CAPABILITY_DATA_SIZE)) };
  }
}

/** Newer types carry data of any length, so that older nodes can step over them; these two have none. */
function readNothing<C extends Capability>(reader: ByteReader, capability: C): C {
  const size = reader.u8('data');
  if (size !== 0)
    reader.fail('data', 'value', `${capability.name} has no data, but ${size} follows`, reader.offset - 1);
  return capability;
}

/** @throws DecodeError for one that would be read back as something else */
export function writeCapabilities(writer: ByteWriter, capabilities: readonly Capability[]): void {
  writer.varint(capabilities.length);
  for (const capability of capabilities) writeCapability(writer, capability);
}

function writeCapability(writer: ByteWriter, capability: Capability): void {
  switch (capability.name) {
    case 'TcpServer':
      writer.u8(TCP_SERVER).u16(capability.port);
      return;
    case 'WsServer':
      writer.u8(WS_SERVER).u16(capability.port);
      return;
    case 'DisableCompression':
      writer.u8(DISABLE_COMPRESSION).u8(0);
      return;
    case 'FullNode':
      writer.u8(FULL_NODE).u32(capability.startHeight);
      return;
    case 'ArchivalNode':
      writer.u8(ARCHIVAL_NODE).u8(0);
      return;
    case 'Unknown':
      if (KNOWN.has(capability.type)) refuseKnown(capability.type);
      writer.u8(capability.type).varBytes(capability.data);
  }
}

function refuseKnown(type: number): never {
  const detail = `type ${type} is known, and not of that form`;
  throw new DecodeError({ command: 'capability', field: 'type', offset: 0, problem: 'value', detail });
}

/** The capability as JSON shows it. */
export function capabilityJson(capability: Capability): object {
  return capability.name === 'Unknown' ? { ...capability, data: toHex(capability.data) } : capability;
}

/** The capability of that name in a list, if it is there. */
export function capabilityNamed<N extends Capability['name']>(
  name: N,
  capabilities: readonly Capability[],
): Extract<Capability, { readonly name: N }> | undefined {
  return capabilities.find(
    (capability): capability is Extract<Capability, { readonly name: N }> => capability.name === name,
  );
}
