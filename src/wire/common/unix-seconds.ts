/** The time of a message. A clock may be set to anything; what doesn't fit the field is the nearest that does. */
export function unixSeconds(ms: number): number {
  return Math.min(Math.max(Math.floor(ms / 1000), 0), 0xffffffff);
}
