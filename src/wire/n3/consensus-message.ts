import { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { DecodeError } from '../primitives/decode.error.js';
import { HashList } from '../primitives/hash-list.js';
import { UInt256 } from '../primitives/uint256.js';
import { MAX_BLOCK_TRANSACTIONS } from './limits.js';

/**
 * The category of extensible payloads whose data is a {@link ConsensusMessage}.
 *
 * @publicApi
 */
export const CONSENSUS_CATEGORY = 'dBFT';

/**
 * What a validator says; the number is the byte on the wire.
 *
 * @publicApi
 */
export const ConsensusMessageType = Object.freeze({
  /** Asks for the next primary. */
  ChangeView: 0x00,
  /** The primary's proposal of a block. */
  PrepareRequest: 0x20,
  /** Agreement to the proposal. */
  PrepareResponse: 0x21,
  /** Signature of the block. */
  Commit: 0x30,
  /** Asks for the messages that were missed. */
  RecoveryRequest: 0x40,
  /** The messages that somebody missed. */
  RecoveryMessage: 0x41,
});

/** @publicApi */
export type ConsensusMessageType = (typeof ConsensusMessageType)[keyof typeof ConsensusMessageType];

/**
 * Why a validator asks for the next primary; the number is the byte on the wire. Others may come: nobody refuses them.
 *
 * @publicApi
 */
export const ChangeViewReason = Object.freeze({
  Timeout: 0,
  ChangeAgreement: 1,
  TxNotFound: 2,
  TxRejectedByPolicy: 3,
  TxInvalid: 4,
  BlockRejectedByPolicy: 5,
});

/** What every consensus message has. @publicApi */
export interface ConsensusMessageBase {
  /** Height of the block that is being agreed on. */
  readonly blockIndex: number;
  /** Which of the validators speaks, counted from 0 in the order of their keys. */
  readonly validatorIndex: number;
  /** How many primaries were given up for this height. */
  readonly viewNumber: number;
}

/** @publicApi */
export interface ChangeViewMessage extends ConsensusMessageBase {
  readonly type: typeof ConsensusMessageType.ChangeView;
  /** Milliseconds since 1970. */
  readonly timestamp: bigint;
  /** One of {@link ChangeViewReason}, or a newer one. */
  readonly reason: number;
  /** The transactions that are to blame, with `TxRejectedByPolicy` and `TxInvalid` only. Older nodes (before mid-2026) don't tell. */
  readonly rejectedHashes?: HashList;
}

/** @publicApi */
export interface PrepareRequestMessage extends ConsensusMessageBase {
  readonly type: typeof ConsensusMessageType.PrepareRequest;
  /** Of the block. */
  readonly version: number;
  readonly prevHash: UInt256;
  /** Of the block: milliseconds since 1970. */
  readonly timestamp: bigint;
  /** Of the block. */
  readonly nonce: bigint;
  readonly transactionHashes: HashList;
}

/** @publicApi */
export interface PrepareResponseMessage extends ConsensusMessageBase {
  readonly type: typeof ConsensusMessageType.PrepareResponse;
  /** Of the extensible payload with the proposal. */
  readonly preparationHash: UInt256;
}

/** @publicApi */
export interface CommitMessage extends ConsensusMessageBase {
  readonly type: typeof ConsensusMessageType.Commit;
  /** Of the block's header: r and s, 64 bytes. */
  readonly signature: Uint8Array;
}

/** @publicApi */
export interface RecoveryRequestMessage extends ConsensusMessageBase {
  readonly type: typeof ConsensusMessageType.RecoveryRequest;
  /** Milliseconds since 1970. */
  readonly timestamp: bigint;
}

/** @publicApi */
export interface RecoveryMessage extends ConsensusMessageBase {
  readonly type: typeof ConsensusMessageType.RecoveryMessage;
  /** The collected messages in a form of their own, opaque here. */
  readonly body: Uint8Array;
}

/**
 * What is inside an extensible payload of category `dBFT`. `type` tells which message it is.
 *
 * @publicApi
 */
export type ConsensusMessage =
  | ChangeViewMessage
  | PrepareRequestMessage
  | PrepareResponseMessage
  | CommitMessage
  | RecoveryRequestMessage
  | RecoveryMessage;

const SIGNATURE_SIZE = 64;

/**
 * Reads the data of an extensible payload of category `dBFT`. What stands behind the message is ignored, as nodes do: that
 * is how the rejected hashes came in.
 *
 * @param data of the extensible payload; what is returned may hold windows on it
 * @throws DecodeError whose offset counts from the start of the data
 *
 * @publicApi
 */
export function decodeConsensusMessage(data: Uint8Array): ConsensusMessage {
  const reader = new ByteReader(data, CONSENSUS_CATEGORY);
  const type = reader.u8('type') as ConsensusMessageType;
  const base = {
    blockIndex: reader.u32('blockIndex'),
    validatorIndex: reader.u8('validatorIndex'),
    viewNumber: reader.u8('viewNumber'),
  };
  switch (type) {
    case ConsensusMessageType.ChangeView:
      return { type, ...base, ...readChangeView(reader) };
    case ConsensusMessageType.PrepareRequest:
      return {
        type,
        ...base,
        version: reader.u32('version'),
        prevHash: readHash(reader, 'prevHash'),
        timestamp: reader.u64('timestamp'),
        nonce: reader.u64('nonce'),
        transactionHashes: readHashes(reader, 'transactionHashes'),
      };
    case ConsensusMessageType.PrepareResponse:
      return { type, ...base, preparationHash: readHash(reader, 'preparationHash') };
    case ConsensusMessageType.Commit:
      return { type, ...base, signature: reader.take(SIGNATURE_SIZE, 'signature') };
    case ConsensusMessageType.RecoveryRequest:
      return { type, ...base, timestamp: reader.u64('timestamp') };
    case ConsensusMessageType.RecoveryMessage:
      return { type, ...base, body: reader.take(reader.remaining, 'body') };
    default:
      return reader.fail('type', 'value', `0x${Number(type).toString(16)} is no consensus message`, 0);
  }
}

/**
 * The data of an extensible payload of category `dBFT` that says this.
 *
 * @throws DecodeError naming the field that breaks a rule; RangeError when a number doesn't fit its field
 *
 * @publicApi
 */
export function encodeConsensusMessage(message: ConsensusMessage): Uint8Array {
  const writer = new ByteWriter()
    .u8(message.type)
    .u32(message.blockIndex)
    .u8(message.validatorIndex)
    .u8(message.viewNumber);
  switch (message.type) {
    case ConsensusMessageType.ChangeView:
      writer.u64(message.timestamp).u8(message.reason);
      if (message.rejectedHashes !== undefined) writeRejected(writer, message.reason, message.rejectedHashes);
      break;
    case ConsensusMessageType.PrepareRequest:
      writer.u32(message.version).digest(message.prevHash.key).u64(message.timestamp).u64(message.nonce);
      writeHashes(writer, message.transactionHashes);
      break;
    case ConsensusMessageType.PrepareResponse:
      writer.digest(message.preparationHash.key);
      break;
    case ConsensusMessageType.Commit:
      if (message.signature.length !== SIGNATURE_SIZE) refuse('signature', `${message.signature.length} bytes, not 64`);
      writer.bytes(message.signature);
      break;
    case ConsensusMessageType.RecoveryRequest:
      writer.u64(message.timestamp);
      break;
    case ConsensusMessageType.RecoveryMessage:
      writer.bytes(message.body);
  }
  const data = writer.finish();
  decodeConsensusMessage(data);
  return data;
}

/** A list of rejected transactions comes with two reasons only, and not from older nodes. */
function readChangeView(reader: ByteReader): Pick<ChangeViewMessage, 'timestamp' | 'reason' | 'rejectedHashes'> {
  const timestamp = reader.u64('timestamp');
  const reason = reader.u8('reason');
  if (!namesTransactions(reason) || reader.remaining === 0) return { timestamp, reason };
  return { timestamp, reason, rejectedHashes: readHashes(reader, 'rejectedHashes') };
}

function namesTransactions(reason: number): boolean {
  return reason === ChangeViewReason.TxRejectedByPolicy || reason === ChangeViewReason.TxInvalid;
}

function readHash(reader: ByteReader, field: string): UInt256 {
  return UInt256.fromDigest(reader.digest(UInt256.SIZE, field));
}

function readHashes(reader: ByteReader, field: string): HashList {
  const count = reader.count(field, MAX_BLOCK_TRANSACTIONS, UInt256.SIZE);
  return new HashList(reader.take(count * UInt256.SIZE, field));
}

function writeRejected(writer: ByteWriter, reason: number, hashes: HashList): void {
  if (!namesTransactions(reason)) refuse('rejectedHashes', `reason ${reason} goes without them`);
  writeHashes(writer, hashes);
}

function writeHashes(writer: ByteWriter, hashes: HashList): void {
  writer.varint(hashes.length).bytes(hashes.bytes);
}

function refuse(field: string, detail: string): never {
  throw new DecodeError({ command: CONSENSUS_CATEGORY, field, offset: 0, problem: 'value', detail });
}
