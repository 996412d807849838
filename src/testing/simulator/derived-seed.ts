/** FNV-1a, 32 bits (RFC 9923). */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * A seed for one part of a world, out of the world's own: parts don't disturb each other, whoever draws first.
 *
 * @param part what it is for, as text
 * @internal
 */
export function derivedSeed(seed: number, part: string): number {
  let hash = Math.imul(FNV_OFFSET ^ seed, FNV_PRIME);
  for (let i = 0; i < part.length; i++) hash = Math.imul(hash ^ part.charCodeAt(i), FNV_PRIME);
  return hash >>> 0;
}
