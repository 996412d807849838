import type { ByteReader } from '../primitives/byte-reader.js';
import type { ByteWriter } from '../primitives/byte-writer.js';
import { toHex } from '../primitives/hex.js';
import { UInt256 } from '../primitives/uint256.js';
import {
  AttributeType,
  OracleResponseCode,
  type ConflictsAttribute,
  type HighPriorityAttribute,
  type NotaryAssistedAttribute,
  type NotValidBeforeAttribute,
  type OracleResponseAttribute,
  type ReservedAttribute,
  type ReservedAttributeType,
  type TransactionAttribute,
} from './attribute.js';
import { MAX_ORACLE_RESULT_SIZE, MAX_RESERVED_ATTRIBUTE_SIZE } from './limits.js';

/** How what follows the type of one kind of attribute is checked, read, written and printed. */
interface AttributeCodec<A extends TransactionAttribute> {
  /** Steps over it and checks all that {@link read} would. */
  skip(reader: ByteReader): void;
  read(reader: ByteReader, type: A['type']): A;
  write(writer: ByteWriter, attribute: A): void;
  /** The same, with the names and texts that nodes print. */
  toJSON(attribute: A): object;
}

/** Smallest attribute: HighPriority, which is a type alone. */
export const MIN_ATTRIBUTE_SIZE = 1;

/** Types from here on are reserved. */
const FIRST_RESERVED_TYPE = 0xe0;

const CODE_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(OracleResponseCode).map(([name, code]) => [code, name]),
);

const highPriority: AttributeCodec<HighPriorityAttribute> = {
  skip: () => undefined,
  read: (_reader, type) => ({ type }),
  write: () => undefined,
  toJSON: () => ({ type: 'HighPriority' }),
};

const oracleResponse: AttributeCodec<OracleResponseAttribute> = {
  skip(reader) {
    reader.skip(8, 'id');
    const code = reader.u8('code');
    if (!CODE_NAMES.has(code)) {
      reader.fail('code', 'value', `0x${code.toString(16)} is no oracle response code`, reader.offset - 1);
    }
    const resultAt = reader.offset;
    const size = reader.skipVarBytes('result', MAX_ORACLE_RESULT_SIZE, true);
    if (size > 0 && code !== OracleResponseCode.Success) {
      reader.fail('result', 'value', `${size} bytes, but only a success has a result`, resultAt);
    }
  },
  read: (reader, type) => ({
    type,
    id: reader.u64('id'),
    code: reader.u8('code') as OracleResponseCode,
    result: reader.varBytes('result', MAX_ORACLE_RESULT_SIZE),
  }),
  write: (writer, { id, code, result }) => void writer.u64(id).u8(code).varBytes(result),
  toJSON: ({ id, code, result }) => ({
    type: 'OracleResponse',
    id: id.toString(),
    code: CODE_NAMES.get(code),
    result: toHex(result),
  }),
};

const notValidBefore: AttributeCodec<NotValidBeforeAttribute> = {
  skip: (reader) => reader.skip(4, 'height'),
  read: (reader, type) => ({ type, height: reader.u32('height') }),
  write: (writer, { height }) => void writer.u32(height),
  toJSON: ({ height }) => ({ type: 'NotValidBefore', height }),
};

const conflicts: AttributeCodec<ConflictsAttribute> = {
  skip: (reader) => reader.skip(UInt256.SIZE, 'hash'),
  read: (reader, type) => ({ type, hash: UInt256.fromDigest(reader.digest(UInt256.SIZE, 'hash')) }),
  write: (writer, { hash }) => void writer.digest(hash.key),
  toJSON: ({ hash }) => ({ type: 'Conflicts', hash: hash.toJSON() }),
};

const notaryAssisted: AttributeCodec<NotaryAssistedAttribute> = {
  skip: (reader) => reader.skip(1, 'nKeys'),
  read: (reader, type) => ({ type, nKeys: reader.u8('nKeys') }),
  write: (writer, { nKeys }) => void writer.u8(nKeys),
  toJSON: ({ nKeys }) => ({ type: 'NotaryAssisted', nkeys: nKeys }),
};

const reserved: AttributeCodec<ReservedAttribute> = {
  skip: (reader) => void reader.skipVarBytes('data', MAX_RESERVED_ATTRIBUTE_SIZE, true),
  read: (reader, type) => ({ type, data: reader.varBytes('data', MAX_RESERVED_ATTRIBUTE_SIZE) }),
  write: (writer, { data }) => void writer.varBytes(data),
  toJSON: ({ type, data }) => ({ type: 'Reserved', typeByte: type, data: toHex(data) }),
};

const CODECS: { readonly [T in AttributeType]: AttributeCodec<Extract<TransactionAttribute, { type: T }>> } =
  Object.freeze({
    [AttributeType.HighPriority]: highPriority,
    [AttributeType.OracleResponse]: oracleResponse,
    [AttributeType.NotValidBefore]: notValidBefore,
    [AttributeType.Conflicts]: conflicts,
    [AttributeType.NotaryAssisted]: notaryAssisted,
  });

/** Steps over an attribute, checks it, and returns its type. @internal */
export function skipAttribute(reader: ByteReader): number {
  const type = reader.u8('type');
  const codec = codecOf(type);
  if (codec === undefined) {
    return reader.fail('type', 'value', `0x${type.toString(16)} is no attribute type`, reader.offset - 1);
  }
  codec.skip(reader);
  return type;
}

/** An attribute that was stepped over before. @internal */
export function readAttribute(reader: ByteReader): TransactionAttribute {
  const type = reader.u8('type') as AttributeType | ReservedAttributeType;
  return codecOf(type)!.read(reader, type);
}

/** An unknown type is written as it is, and refused when it is decoded. @internal */
export function writeAttribute(writer: ByteWriter, attribute: TransactionAttribute): void {
  writer.u8(attribute.type);
  codecOf(attribute.type)?.write(writer, attribute);
}

/** @internal */
export function attributeToJSON(attribute: TransactionAttribute): object {
  return codecOf(attribute.type)!.toJSON(attribute);
}

/** The codec for a type byte; undefined when no attribute has it. */
function codecOf(type: number): AttributeCodec<TransactionAttribute> | undefined {
  return type < FIRST_RESERVED_TYPE ? CODECS[type as AttributeType] : reserved;
}
