import type { ByteReader } from '../primitives/byte-reader.js';
import { toHex } from '../primitives/hex.js';
import { MAX_INVOCATION_SCRIPT_SIZE } from './limits.js';
import type {
  ClaimData,
  ContractData,
  InvocationData,
  IssueData,
  MinerData,
  TransactionData,
} from './transaction-data.js';
import { refuse, type TransactionDataCodec } from './transaction-field.js';
import { inputToJSON, readInputs, skipInputs, writeInputs } from './transaction-input.js';
import { enrollment, publish, register } from './transaction-obsolete-data.js';
import { state } from './transaction-state-data.js';
import { TransactionType } from './transaction-type.js';

const miner: TransactionDataCodec<MinerData> = {
  maxVersion: 0,
  skip: (reader) => reader.skip(4, 'nonce'),
  read: (reader) => ({ type: TransactionType.Miner, nonce: reader.u32('nonce') }),
  write: (writer, { nonce }) => void writer.u32(nonce),
  toJSON: ({ nonce }) => ({ nonce }),
};

const issue: TransactionDataCodec<IssueData> = {
  maxVersion: 1,
  skip: () => undefined,
  read: () => ({ type: TransactionType.Issue }),
  write: () => undefined,
  toJSON: () => ({}),
};

const contract: TransactionDataCodec<ContractData> = {
  maxVersion: 0,
  skip: () => undefined,
  read: () => ({ type: TransactionType.Contract }),
  write: () => undefined,
  toJSON: () => ({}),
};

const claim: TransactionDataCodec<ClaimData> = {
  maxVersion: 0,
  skip(reader) {
    const start = reader.offset;
    if (skipInputs(reader, 'claims') === 0) reader.fail('claims', 'value', 'a Claim has at least one', start);
  },
  read: (reader) => ({ type: TransactionType.Claim, claims: readInputs(reader, 'claims') }),
  write: (writer, { claims }) => writeInputs(writer, claims),
  toJSON: ({ claims }) => ({ claims: claims.map(inputToJSON) }),
};

const invocation: TransactionDataCodec<InvocationData> = {
  maxVersion: 1,
  skip(reader, version) {
    const start = reader.offset;
    if (reader.skipVarBytes('script', MAX_INVOCATION_SCRIPT_SIZE, true) === 0) {
      reader.fail('script', 'value', 'an Invocation has a script', start);
    }
    if (version >= 1) skipGas(reader);
  },
  read(reader, version) {
    const script = reader.varBytes('script', MAX_INVOCATION_SCRIPT_SIZE, true);
    const type = TransactionType.Invocation;
    return version >= 1 ? { type, script, gas: reader.i64('gas') } : { type, script };
  },
  write(writer, { script, gas }, version) {
    writer.varBytes(script);
    if (version >= 1) writer.i64(gas ?? 0n);
    else if (gas !== undefined) refuse('gas', 'value', 'an Invocation of version 0 has none');
  },
  toJSON: ({ script, gas }) => ({ script: toHex(script), ...(gas !== undefined && { gas: gas.toString() }) }),
};

function skipGas(reader: ByteReader): void {
  reader.skip(8, 'gas');
  if (reader.bytes[reader.offset - 1]! >= 0x80) reader.fail('gas', 'value', 'it is negative', reader.offset - 8);
}

const CODECS: { readonly [T in TransactionType]: TransactionDataCodec<Extract<TransactionData, { type: T }>> } =
  Object.freeze({
    [TransactionType.Miner]: miner,
    [TransactionType.Issue]: issue,
    [TransactionType.Claim]: claim,
    [TransactionType.Enrollment]: enrollment,
    [TransactionType.Register]: register,
    [TransactionType.Contract]: contract,
    [TransactionType.State]: state,
    [TransactionType.Publish]: publish,
    [TransactionType.Invocation]: invocation,
  });

/** The codec for a type byte; undefined when no transaction has it. @internal */
export function transactionDataCodec(type: number): TransactionDataCodec<TransactionData> | undefined {
  return CODECS[type as TransactionType];
}
