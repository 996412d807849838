/**
 * A set that can be asked, in general a `BloomFilter`.
 *
 * @publicApi
 */
export interface ElementFilter {
  contains(element: Uint8Array): boolean;
}
