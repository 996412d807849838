import * as fc from 'fast-check';

/** Bytes as somebody might damage them: changed, cut off, doubled, or replaced by others altogether. */
export function mutations(original: Uint8Array): fc.Arbitrary<Uint8Array> {
  const place = fc.nat({ max: Math.max(original.length - 1, 0) });
  const changed = fc.array(fc.tuple(place, fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 }).map((changes) => {
    const copy = Uint8Array.from(original);
    for (const [at, value] of changes) copy[at] = value;
    return copy;
  });
  const cut = place.map((size) => original.slice(0, size));
  const spliced = fc
    .tuple(place, place, fc.uint8Array({ maxLength: 8 }))
    .map(([from, to, inserted]) => Uint8Array.from([...original.slice(0, from), ...inserted, ...original.slice(to)]));
  return fc.oneof(changed, cut, spliced, fc.uint8Array({ maxLength: 300 }));
}
