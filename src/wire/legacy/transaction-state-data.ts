import type { ByteReader } from '../primitives/byte-reader.js';
import { toHex } from '../primitives/hex.js';
import { utf8 } from '../primitives/utf8.js';
import { MAX_STATE_DESCRIPTORS, MAX_STATE_FIELD_SIZE, MAX_STATE_KEY_SIZE, MAX_STATE_VALUE_SIZE } from './limits.js';
import { StateType, type StateData, type StateDescriptor } from './transaction-data.js';
import type { TransactionDataCodec } from './transaction-field.js';
import { TransactionType } from './transaction-type.js';

/** Smallest descriptor: its kind and three empty arrays. */
const MIN_DESCRIPTOR_SIZE = 4;

/** What each kind of descriptor must look like. */
const RULES: ReadonlyMap<number, { readonly keySize: number; readonly field: StateDescriptor['field'] }> = new Map([
  [StateType.Account, { keySize: 20, field: 'Votes' }],
  [StateType.Validator, { keySize: 33, field: 'Registered' }],
] as const);

/** @internal */
export const state: TransactionDataCodec<StateData> = {
  maxVersion: 0xff, // nodes write 0 and read any
  skip: (reader) => void readState(reader),
  read: readState,
  write(writer, { descriptors }) {
    writer.varint(descriptors.length);
    for (const { type, key, field, value } of descriptors) {
      writer.u8(type).varBytes(key).varString(field).varBytes(value);
    }
  },
  toJSON: ({ descriptors }) => ({
    descriptors: descriptors.map(({ type, key, field, value }) => ({
      type,
      key: toHex(key),
      field,
      value: toHex(value),
    })),
  }),
};

function readState(reader: ByteReader): StateData {
  const count = reader.count('descriptors', MAX_STATE_DESCRIPTORS, MIN_DESCRIPTOR_SIZE, true);
  const descriptors: StateDescriptor[] = [];
  reader.enter('descriptors');
  for (let i = 0; i < count; i++) {
    reader.at(i);
    descriptors.push(readDescriptor(reader));
  }
  reader.leave();
  return { type: TransactionType.State, descriptors };
}

function readDescriptor(reader: ByteReader): StateDescriptor {
  const start = reader.offset;
  const type = reader.u8('type');
  const rule = RULES.get(type);
  if (rule === undefined) return reader.fail('type', 'value', `0x${type.toString(16)} is no kind of state`, start);
  const keyAt = reader.offset;
  const key = reader.varBytes('key', MAX_STATE_KEY_SIZE, true);
  if (key.length !== rule.keySize) reader.fail('key', 'value', `${key.length} bytes, not ${rule.keySize}`, keyAt);
  const fieldAt = reader.offset;
  const field = utf8(reader.varBytes('field', MAX_STATE_FIELD_SIZE, true));
  if (field !== rule.field) reader.fail('field', 'value', `${JSON.stringify(field)}, not ${rule.field}`, fieldAt);
  const value = reader.varBytes('value', MAX_STATE_VALUE_SIZE, true);
  return { type, key, field, value } as StateDescriptor;
}
