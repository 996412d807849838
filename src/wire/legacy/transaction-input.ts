import type { ByteReader } from '../primitives/byte-reader.js';
import type { ByteWriter } from '../primitives/byte-writer.js';
import { UInt256 } from '../primitives/uint256.js';
import { MAX_ARRAY_ITEMS } from './limits.js';

/** Bytes of an input on the wire: a hash and a u16. */
export const INPUT_SIZE = UInt256.SIZE + 2;

/**
 * Points at an output of an earlier transaction, to spend it (or, in a Claim, the utility token it has earned).
 *
 * @publicApi
 */
export interface TransactionInput {
  readonly prevHash: UInt256;
  /** Which of that transaction's outputs, counted from 0. */
  readonly prevIndex: number;
}

/** Steps over an array of inputs; returns how many there were. @internal */
export function skipInputs(reader: ByteReader, field: string): number {
  const count = reader.count(field, MAX_ARRAY_ITEMS, INPUT_SIZE, true);
  reader.skip(count * INPUT_SIZE, field);
  return count;
}

/** @internal */
export function readInputs(reader: ByteReader, field: string): readonly TransactionInput[] {
  const count = reader.count(field, MAX_ARRAY_ITEMS, INPUT_SIZE, true);
  return Array.from({ length: count }, () => ({
    prevHash: UInt256.fromDigest(reader.digest(UInt256.SIZE, 'prevHash')),
    prevIndex: reader.u16('prevIndex'),
  }));
}

/** @internal */
export function writeInputs(writer: ByteWriter, inputs: readonly TransactionInput[]): void {
  writer.varint(inputs.length);
  for (const { prevHash, prevIndex } of inputs) writer.digest(prevHash.key).u16(prevIndex);
}

/** @internal */
export function inputToJSON({ prevHash, prevIndex }: TransactionInput): object {
  return { prevHash: prevHash.toJSON(), prevIndex };
}
