import type { ByteReader } from '../primitives/byte-reader.js';
import { toHex } from '../primitives/hex.js';
import { UInt160 } from '../primitives/uint160.js';
import { utf8 } from '../primitives/utf8.js';
import {
  MAX_ASSET_NAME_SIZE,
  MAX_PUBLISH_DESCRIPTION_SIZE,
  MAX_PUBLISH_SCRIPT_SIZE,
  MAX_PUBLISH_TEXT_SIZE,
} from './limits.js';
import { AssetType, type EnrollmentData, type PublishData, type RegisterData } from './transaction-data.js';
import { readPoint, refuse, writePoint, type TransactionDataCodec } from './transaction-field.js';
import { TransactionType } from './transaction-type.js';

const ASSET_TYPES: ReadonlySet<number> = new Set(Object.values(AssetType));

/** @internal */
export const enrollment: TransactionDataCodec<EnrollmentData> = {
  maxVersion: 0,
  skip: (reader) => void readPoint(reader, 'publicKey'),
  read: (reader) => ({ type: TransactionType.Enrollment, publicKey: readPoint(reader, 'publicKey') }),
  write: (writer, { publicKey }) => writePoint(writer, publicKey, 'publicKey'),
  toJSON: ({ publicKey }) => ({ publicKey: toHex(publicKey) }),
};

/** @internal */
export const register: TransactionDataCodec<RegisterData> = {
  maxVersion: 0,
  skip: (reader) => void readRegister(reader),
  read: readRegister,
  write(writer, data) {
    writer.u8(data.assetType).varBytes(data.name).i64(data.amount).u8(data.precision);
    writePoint(writer, data.owner, 'owner');
    writer.digest(data.admin.key);
  },
  toJSON: ({ assetType, name, amount, precision, owner, admin }) => ({
    assetType,
    name: utf8(name),
    amount: amount.toString(),
    precision,
    owner: toHex(owner),
    admin: admin.toJSON(),
  }),
};

/** @internal */
export const publish: TransactionDataCodec<PublishData> = {
  maxVersion: 1,
  skip: (reader, version) => void readPublish(reader, version),
  read: readPublish,
  write(writer, data, version) {
    writer.varBytes(data.script).varBytes(data.parameterList).u8(data.returnType);
    if (version >= 1) writer.bool(data.needStorage ?? false);
    else if (data.needStorage !== undefined) refuse('needStorage', 'value', 'a Publish of version 0 has none');
    writer.varBytes(data.name).varBytes(data.codeVersion).varBytes(data.author).varBytes(data.email);
    writer.varBytes(data.description);
  },
  toJSON: ({ script, parameterList, returnType, needStorage, ...texts }) => ({
    script: toHex(script),
    parameterList: toHex(parameterList),
    returnType,
    ...(needStorage !== undefined && { needStorage }),
    name: utf8(texts.name),
    codeVersion: utf8(texts.codeVersion),
    author: utf8(texts.author),
    email: utf8(texts.email),
    description: utf8(texts.description),
  }),
};

function readRegister(reader: ByteReader): RegisterData {
  const start = reader.offset;
  const assetType = reader.u8('assetType') as AssetType;
  if (!ASSET_TYPES.has(assetType))
    reader.fail('assetType', 'value', `0x${assetType.toString(16)} is no asset type`, start);
  const name = reader.varBytes('name', MAX_ASSET_NAME_SIZE, true);
  const amount = reader.i64('amount');
  const precision = reader.u8('precision');
  const ownerAt = reader.offset;
  const owner = readPoint(reader, 'owner');
  // The system tokens are made in the genesis block, when there is nobody yet who could own them.
  if (owner.length === 1 && assetType !== AssetType.Governing && assetType !== AssetType.Utility) {
    reader.fail('owner', 'value', 'only the system tokens have nobody as owner', ownerAt);
  }
  const admin = UInt160.fromDigest(reader.digest(UInt160.SIZE, 'admin'));
  return { type: TransactionType.Register, assetType, name, amount, precision, owner, admin };
}

function readPublish(reader: ByteReader, version: number): PublishData {
  const script = reader.varBytes('script', MAX_PUBLISH_SCRIPT_SIZE, true);
  const parameterList = reader.varBytes('parameterList', MAX_PUBLISH_SCRIPT_SIZE, true);
  const returnType = reader.u8('returnType');
  const storage = version >= 1 ? { needStorage: reader.canonicalBool('needStorage') } : {};
  return {
    type: TransactionType.Publish,
    script,
    parameterList,
    returnType,
    ...storage,
    name: reader.varBytes('name', MAX_PUBLISH_TEXT_SIZE, true),
    codeVersion: reader.varBytes('codeVersion', MAX_PUBLISH_TEXT_SIZE, true),
    author: reader.varBytes('author', MAX_PUBLISH_TEXT_SIZE, true),
    email: reader.varBytes('email', MAX_PUBLISH_TEXT_SIZE, true),
    description: reader.varBytes('description', MAX_PUBLISH_DESCRIPTION_SIZE, true),
  };
}
