/** Text of UTF-8 bytes; what isn't UTF-8 comes out as replacement characters. @internal */
export function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** Whether bytes are UTF-8 in its one form, so that their text stands for them. For short texts. @internal */
export function isUtf8(bytes: Uint8Array): boolean {
  return Buffer.from(utf8(bytes)).equals(bytes);
}
