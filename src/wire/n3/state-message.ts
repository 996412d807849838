import type { Witness } from '../common/witness.js';
import { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { UInt256 } from '../primitives/uint256.js';
import { MAX_STATE_SIGNATURE_SIZE } from './limits.js';
import { MIN_WITNESS_SIZE, readWitness, writeWitness } from './witness.js';

/**
 * The category of extensible payloads whose data is a {@link StateMessage}.
 *
 * @publicApi
 */
export const STATE_CATEGORY = 'StateService';

/**
 * What a state validator says; the number is the byte on the wire.
 *
 * @publicApi
 */
export const StateMessageType = Object.freeze({
  /** A signature of a state root. */
  Vote: 0x00,
  /** A state root, with the witness made from enough votes. */
  StateRoot: 0x01,
});

/** @publicApi */
export type StateMessageType = (typeof StateMessageType)[keyof typeof StateMessageType];

/** @publicApi */
export interface StateVoteMessage {
  readonly type: typeof StateMessageType.Vote;
  /** Which of the state validators votes, counted from 0 in the order of their keys. Signed on the wire. */
  readonly validatorIndex: number;
  /** Height of the block after which the state is meant. */
  readonly rootIndex: number;
  /** r and s: 64 bytes if it is a good one, never more. */
  readonly signature: Uint8Array;
}

/** @publicApi */
export interface StateRootMessage {
  readonly type: typeof StateMessageType.StateRoot;
  readonly version: number;
  /** Height of the block after which the state is meant. */
  readonly index: number;
  /** Of the state's Merkle Patricia trie. */
  readonly root: UInt256;
  /** The state validators' agreement; undefined where it isn't there. */
  readonly witness?: Witness;
}

/**
 * What is inside an extensible payload of category `StateService`. `type` tells which message it is.
 *
 * @publicApi
 */
export type StateMessage = StateVoteMessage | StateRootMessage;

/**
 * Reads the data of an extensible payload of category `StateService`. What stands behind the message is ignored.
 *
 * @param data of the extensible payload; what is returned may hold windows on it
 * @throws DecodeError whose offset counts from the start of the data
 *
 * @publicApi
 */
export function decodeStateMessage(data: Uint8Array): StateMessage {
  const reader = new ByteReader(data, STATE_CATEGORY);
  const type = reader.u8('type') as StateMessageType;
  switch (type) {
    case StateMessageType.Vote:
      return {
        type,
        validatorIndex: reader.i32('validatorIndex'),
        rootIndex: reader.u32('rootIndex'),
        signature: reader.varBytes('signature', MAX_STATE_SIGNATURE_SIZE),
      };
    case StateMessageType.StateRoot:
      return {
        type,
        version: reader.u8('version'),
        index: reader.u32('index'),
        root: UInt256.fromDigest(reader.digest(UInt256.SIZE, 'root')),
        ...readWitnesses(reader),
      };
    default:
      return reader.fail('type', 'value', `0x${Number(type).toString(16)} is no state message`, 0);
  }
}

/**
 * The data of an extensible payload of category `StateService` that says this.
 *
 * @throws DecodeError when the signature or a script is too long; RangeError when a number doesn't fit its field
 *
 * @publicApi
 */
export function encodeStateMessage(message: StateMessage): Uint8Array {
  const writer = new ByteWriter().u8(message.type);
  if (message.type === StateMessageType.Vote) {
    writer.i32(message.validatorIndex).u32(message.rootIndex).varBytes(message.signature);
  } else {
    writer
      .u8(message.version)
      .u32(message.index)
      .digest(message.root.key)
      .u8(message.witness === undefined ? 0 : 1);
    if (message.witness !== undefined) writeWitness(writer, message.witness);
  }
  const data = writer.finish();
  decodeStateMessage(data);
  return data;
}

/** An array of at most one witness. */
function readWitnesses(reader: ByteReader): { witness?: Witness } {
  if (reader.count('witnesses', 1, MIN_WITNESS_SIZE) === 0) return {};
  reader.enter('witness');
  const witness = readWitness(reader);
  reader.leave();
  return { witness };
}
