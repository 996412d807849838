import * as fc from 'fast-check';
import type { Witness } from '../../src/wire/common/witness.js';
import { UInt160 } from '../../src/wire/primitives/uint160.js';
import { UInt256 } from '../../src/wire/primitives/uint256.js';

/** Generators of what the chains of all dialects are made of. */

export function byteArrays(minLength: number, maxLength = minLength): fc.Arbitrary<Buffer> {
  return fc.uint8Array({ minLength, maxLength }).map((bytes) => Buffer.from(bytes));
}

export function hashes(): fc.Arbitrary<UInt256> {
  return byteArrays(32).map((bytes) => UInt256.fromBytes(bytes));
}

export function accounts(): fc.Arbitrary<UInt160> {
  return byteArrays(20).map((bytes) => UInt160.fromBytes(bytes));
}

export function u32(): fc.Arbitrary<number> {
  return fc.nat({ max: 0xffffffff });
}

export function witnesses(): fc.Arbitrary<Witness> {
  return fc.record({ invocation: byteArrays(0, 300), verification: byteArrays(0, 300) });
}

export function points(): fc.Arbitrary<Buffer> {
  return fc
    .tuple(fc.constantFrom(2, 3), byteArrays(32))
    .map(([prefix, x]) => Buffer.concat([Uint8Array.of(prefix), x]));
}

export function u64(): fc.Arbitrary<bigint> {
  return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
}
