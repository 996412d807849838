/** Two methods every `Buffer` has, which type definitions for Node 20 leave out. They work on any byte array. */
interface Latin1Methods {
  readonly latin1Slice: (this: Uint8Array, start?: number, end?: number) => string;
  readonly latin1Write: (this: Uint8Array, text: string, at?: number, size?: number) => number;
}

const { latin1Slice, latin1Write } = Buffer.prototype as unknown as Latin1Methods;

/**
 * The bytes from `start` to `end` as a string of one character a byte, without making a view of them first.
 *
 * @internal
 */
export function latin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  return latin1Slice.call(bytes, start, end);
}

/**
 * Writes such a string at `at`. It must fit.
 *
 * @internal
 */
export function writeLatin1(bytes: Uint8Array, text: string, at: number): void {
  latin1Write.call(bytes, text, at, text.length);
}

/**
 * The bytes that such a string stands for, in memory of their own.
 *
 * @internal
 */
export function latin1Bytes(text: string): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(text.length);
  writeLatin1(bytes, text, 0);
  return bytes;
}
