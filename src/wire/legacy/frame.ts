import { refuseFrame } from '../common/refuse-frame.js';
import { latin1, writeLatin1 } from '../primitives/latin1.js';
import { checksum } from '../primitives/hashing.js';
import { FRAME_HEADER_SIZE, MAX_PAYLOAD_SIZE } from './limits.js';

/** Where the fields of a frame's header begin, in bytes. The payload follows at `FRAME_HEADER_SIZE`. */
export const COMMAND_OFFSET = 4;
export const LENGTH_OFFSET = 16;
export const CHECKSUM_OFFSET = 20;

/** Bytes of the command field: a name, filled up with zeros. */
export const COMMAND_SIZE = 12;

/**
 * The 12 bytes of a command field as a latin1 string: one allocation makes it, and a `Map` finds it.
 *
 * @internal
 */
export type CommandField = string;

/** The field that holds this name. */
export function commandField(wireName: string): CommandField {
  return wireName.padEnd(COMMAND_SIZE, '\0');
}

/** The command field of the frame that begins at `start`, as it is. */
export function readCommandField(bytes: Uint8Array, start: number): CommandField {
  return latin1(bytes, start + COMMAND_OFFSET, start + LENGTH_OFFSET);
}

/** The field as the C# node understands it: what stands after the first zero doesn't count. */
export function trimCommandField(field: CommandField): CommandField {
  const zero = field.indexOf('\0');
  return zero < 0 ? field : commandField(field.slice(0, zero));
}

/** The name in a trimmed field, fit for a log: what isn't printable ASCII becomes `?`. */
export function printableName(field: CommandField): string {
  return field.replace(/\0+$/, '').replaceAll(/[^\x20-\x7e]/g, '?');
}

/**
 * A whole frame: the header, then a copy of the payload.
 *
 * @throws DecodeError when the payload is longer than any node takes
 */
export function encodeFrame(magic: number, field: CommandField, payload: Uint8Array): Uint8Array {
  if (payload.length > MAX_PAYLOAD_SIZE) {
    refuseFrame('length', LENGTH_OFFSET, 'limit', `${payload.length} bytes, at most ${MAX_PAYLOAD_SIZE}`);
  }
  const frame = Buffer.allocUnsafe(FRAME_HEADER_SIZE + payload.length);
  frame.writeUInt32LE(magic, 0);
  writeLatin1(frame, field, COMMAND_OFFSET);
  frame.writeUInt32LE(payload.length, LENGTH_OFFSET);
  frame.writeUInt32LE(checksum(payload), CHECKSUM_OFFSET);
  frame.set(payload, FRAME_HEADER_SIZE);
  return frame;
}
