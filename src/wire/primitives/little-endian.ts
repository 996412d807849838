/**
 * Numbers at a known place of bytes that were checked before. Views read their fixed fields with these, because a reader
 * made for one field would cost more than the field.
 */

/** @internal */
export function u16At(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

/** @internal */
export function i16At(bytes: Uint8Array, at: number): number {
  return (u16At(bytes, at) << 16) >> 16;
}

/** @internal */
export function u32At(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

/** @internal */
export function u64At(bytes: Uint8Array, at: number): bigint {
  return (BigInt(u32At(bytes, at + 4)) << 32n) | BigInt(u32At(bytes, at));
}

/** Most significant byte first: the port inside a network address. @internal */
export function u16BigEndianAt(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}
