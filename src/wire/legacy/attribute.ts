import type { ByteReader } from '../primitives/byte-reader.js';
import type { ByteWriter } from '../primitives/byte-writer.js';
import { DecodeError } from '../primitives/decode.error.js';
import { toHex } from '../primitives/hex.js';
import { MAX_ATTRIBUTE_DATA_SIZE } from './limits.js';

/**
 * What a transaction's attribute is for; the number is the byte on the wire.
 *
 * @publicApi
 */
export const AttributeUsage = Object.freeze({
  ContractHash: 0x00,
  ECDH02: 0x02,
  ECDH03: 0x03,
  /** Script hash that must witness the transaction too. */
  Script: 0x20,
  Vote: 0x30,
  DescriptionUrl: 0x81,
  Description: 0x90,
  Hash1: 0xa1,
  Hash2: 0xa2,
  Hash3: 0xa3,
  Hash4: 0xa4,
  Hash5: 0xa5,
  Hash6: 0xa6,
  Hash7: 0xa7,
  Hash8: 0xa8,
  Hash9: 0xa9,
  Hash10: 0xaa,
  Hash11: 0xab,
  Hash12: 0xac,
  Hash13: 0xad,
  Hash14: 0xae,
  Hash15: 0xaf,
  Remark: 0xf0,
  Remark1: 0xf1,
  Remark2: 0xf2,
  Remark3: 0xf3,
  Remark4: 0xf4,
  Remark5: 0xf5,
  Remark6: 0xf6,
  Remark7: 0xf7,
  Remark8: 0xf8,
  Remark9: 0xf9,
  Remark10: 0xfa,
  Remark11: 0xfb,
  Remark12: 0xfc,
  Remark13: 0xfd,
  Remark14: 0xfe,
  Remark15: 0xff,
});

/** @publicApi */
export type AttributeUsage = (typeof AttributeUsage)[keyof typeof AttributeUsage];

/**
 * The name of an attribute usage, as nodes print it.
 *
 * @publicApi
 */
export type AttributeUsageName = keyof typeof AttributeUsage;

const USAGE_NAMES: ReadonlyMap<number, AttributeUsageName> = new Map(
  (Object.keys(AttributeUsage) as AttributeUsageName[]).map((name) => [AttributeUsage[name], name]),
);

/**
 * Something a transaction says beside its inputs and outputs.
 *
 * @publicApi
 */
export interface TransactionAttribute {
  readonly usage: AttributeUsage;
  /** For ECDH02 and ECDH03 the whole 33-byte point, whose first byte is the usage; for all others what follows the usage. */
  readonly data: Uint8Array;
}

/** Largest DescriptionUrl, bytes: its length is one plain byte. */
const MAX_DESCRIPTION_URL_SIZE = 255;

/** Smallest attribute: a usage and an empty DescriptionUrl. */
export const MIN_ATTRIBUTE_SIZE = 2;

const HASH_SIZE = 32;
const SCRIPT_HASH_SIZE = 20;

/**
 * The name of a usage.
 *
 * @publicApi
 */
export function attributeUsageName(usage: AttributeUsage): AttributeUsageName {
  return USAGE_NAMES.get(usage)!;
}

/** Steps over an attribute. @internal */
export function skipAttribute(reader: ByteReader): void {
  skipData(reader, reader.u8('usage'));
}

/** @internal */
export function readAttribute(reader: ByteReader): TransactionAttribute {
  const usage = reader.u8('usage') as AttributeUsage;
  const size = skipData(reader, usage) + (isPoint(usage) ? 1 : 0);
  return { usage, data: reader.bytes.subarray(reader.offset - size, reader.offset) };
}

/** @internal */
export function writeAttribute(writer: ByteWriter, { usage, data }: TransactionAttribute): void {
  writer.u8(usage);
  if (isPoint(usage)) {
    if (data[0] !== usage || data.length !== HASH_SIZE + 1)
      refuse(`a point of usage ${usage} has 33 bytes and begins with it`);
    writer.bytes(data.subarray(1));
  } else if (usage === AttributeUsage.DescriptionUrl) {
    if (data.length > MAX_DESCRIPTION_URL_SIZE)
      refuse(`${data.length} bytes are over the limit of ${MAX_DESCRIPTION_URL_SIZE}`);
    writer.u8(data.length).bytes(data);
  } else if (usage === AttributeUsage.Description || usage >= AttributeUsage.Remark) {
    writer.varBytes(data);
  } else {
    const size = usage === AttributeUsage.Script ? SCRIPT_HASH_SIZE : HASH_SIZE;
    if (data.length !== size) refuse(`${data.length} bytes where usage ${usage} has ${size}`);
    writer.bytes(data);
  }
}

/** @internal */
export function attributeToJSON({ usage, data }: TransactionAttribute): object {
  return { usage, usageName: attributeUsageName(usage), data: toHex(data) };
}

/** Steps over the data, the length before it included, and returns its size. Refuses usages that nobody defines. */
function skipData(reader: ByteReader, usage: number): number {
  if (!USAGE_NAMES.has(usage)) {
    reader.fail('usage', 'value', `0x${usage.toString(16)} is no attribute usage`, reader.offset - 1);
  }
  if (usage === AttributeUsage.DescriptionUrl) return skipDescriptionUrl(reader);
  if (usage === AttributeUsage.Description || usage >= AttributeUsage.Remark) {
    return reader.skipVarBytes('data', MAX_ATTRIBUTE_DATA_SIZE, true);
  }
  const size = usage === AttributeUsage.Script ? SCRIPT_HASH_SIZE : HASH_SIZE;
  reader.skip(size, 'data');
  return size;
}

function skipDescriptionUrl(reader: ByteReader): number {
  const start = reader.offset;
  const size = reader.u8('data');
  if (size > reader.remaining)
    reader.fail('data', 'truncated', `${size} bytes wanted, ${reader.remaining} left`, start);
  reader.skip(size, 'data');
  return size;
}

/** The usage byte of these two is at the same time the first byte of a compressed point. */
function isPoint(usage: number): boolean {
  return usage === AttributeUsage.ECDH02 || usage === AttributeUsage.ECDH03;
}

function refuse(detail: string): never {
  throw new DecodeError({ command: 'transaction', field: 'attributes.data', offset: 0, problem: 'value', detail });
}
