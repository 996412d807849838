import type { ByteReader } from '../primitives/byte-reader.js';
import type { ByteWriter } from '../primitives/byte-writer.js';
import { UInt160 } from '../primitives/uint160.js';
import { UInt256 } from '../primitives/uint256.js';
import { MAX_OUTPUTS } from './limits.js';
import { legacyAddress } from './script.js';

const VALUE_AT = UInt256.SIZE;

/** Bytes of an output on the wire: asset, value, script hash. */
export const OUTPUT_SIZE = UInt256.SIZE + 8 + UInt160.SIZE;

/**
 * Gives an amount of an asset to an account.
 *
 * @publicApi
 */
export interface TransactionOutput {
  readonly assetId: UInt256;
  /** In units of 10^-8; always over 0. */
  readonly value: bigint;
  /** The account: hash160 of the verification script that may spend it. */
  readonly scriptHash: UInt160;
}

/**
 * Steps over an array of outputs. A value of zero or less is refused as the C# node does: no block of any public network
 * holds one, though neo-go lets zero and NEO-ONE anything through.
 *
 * @internal
 */
export function skipOutputs(reader: ByteReader): number {
  const count = reader.count('outputs', MAX_OUTPUTS, OUTPUT_SIZE, true);
  const first = reader.offset;
  reader.skip(count * OUTPUT_SIZE, 'outputs');
  for (let i = 0; i < count; i++) {
    const at = first + i * OUTPUT_SIZE + VALUE_AT;
    if (!isPositive(reader.bytes, at)) {
      reader.enter('outputs');
      reader.at(i);
      reader.fail('value', 'value', 'an output gives more than 0', at);
    }
  }
  return count;
}

/** @internal */
export function readOutputs(reader: ByteReader): readonly TransactionOutput[] {
  const count = reader.count('outputs', MAX_OUTPUTS, OUTPUT_SIZE, true);
  return Array.from({ length: count }, () => ({
    assetId: UInt256.fromDigest(reader.digest(UInt256.SIZE, 'assetId')),
    value: reader.i64('value'),
    scriptHash: UInt160.fromDigest(reader.digest(UInt160.SIZE, 'scriptHash')),
  }));
}

/** @internal */
export function writeOutputs(writer: ByteWriter, outputs: readonly TransactionOutput[]): void {
  writer.varint(outputs.length);
  for (const { assetId, value, scriptHash } of outputs) writer.digest(assetId.key).i64(value).digest(scriptHash.key);
}

/** @internal */
export function outputToJSON({ assetId, value, scriptHash }: TransactionOutput): object {
  return {
    assetId: assetId.toJSON(),
    value: value.toString(),
    scriptHash: scriptHash.toJSON(),
    address: legacyAddress(scriptHash),
  };
}

/** Whether the i64 there is over 0, without making a bigint. */
function isPositive(bytes: Uint8Array, at: number): boolean {
  if (bytes[at + 7]! >= 0x80) return false;
  for (let i = 0; i < 8; i++) {
    if (bytes[at + i] !== 0) return true;
  }
  return false;
}
