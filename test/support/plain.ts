/** What `value` prints as, with hashes written as vector files do: without `0x`. */
export function plain(value: object): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll('"0x', '"'));
}
