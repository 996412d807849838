/** Places a bucket, as in Bitcoin's addrman. */
export const PLACES_PER_BUCKET = 64;

/** A table has at least so many buckets, or nobody could be kept to a part of them; in a tiny book they have fewer places. */
const FEWEST_BUCKETS = 16;

/** One place in five is in `tried`, as in Bitcoin's addrman: 16,384 beside 65,536. */
const SHARE_OF_TRIED = 5;

/** How far one group of addresses reaches in a table. */
interface Reach {
  /** This part of the buckets: one in so many. */
  readonly oneIn: number;
  readonly atLeast: number;
  readonly atMost: number;
}

/** Bitcoin's addrman lets a source reach 64 of 1024 buckets. At least 4, or a tiny book could learn nothing from its seed. */
const REACH_OF_SOURCE: Reach = Object.freeze({ oneIn: 16, atLeast: 4, atMost: 64 });

/** Bitcoin's addrman lets the addresses of a group reach 8 of 256 buckets. At least 4, for the same reason. */
const REACH_OF_GROUP: Reach = Object.freeze({ oneIn: 32, atLeast: 4, atMost: 8 });

/**
 * The size of a table.
 *
 * @internal
 */
export interface TablePlan {
  readonly buckets: number;
  readonly placesPerBucket: number;
  /** In how many buckets the addresses of one group (`tried`), or told by one group (`new`), can stand at most. */
  readonly reach: number;
}

/**
 * The sizes of both tables of a book.
 *
 * @internal
 */
export interface BookPlan {
  readonly fresh: TablePlan;
  readonly tried: TablePlan;
}

/**
 * The tables for a book of at most so many rows. There are no more places than that, and everybody in the book stands in
 * one, so it can't grow beyond.
 *
 * @throws RangeError when `maximum` isn't a whole number of at least 2
 * @internal
 */
export function planOf(maximum: number): BookPlan {
  if (!Number.isSafeInteger(maximum) || maximum < 2) throw new RangeError(`a book has 2 rows or more, not ${maximum}`);
  const tried = Math.max(1, Math.floor(maximum / SHARE_OF_TRIED));
  return { fresh: tableOf(maximum - tried, REACH_OF_SOURCE), tried: tableOf(tried, REACH_OF_GROUP) };
}

function tableOf(places: number, { oneIn, atLeast, atMost }: Reach): TablePlan {
  const placesPerBucket = Math.min(PLACES_PER_BUCKET, Math.max(1, Math.floor(places / FEWEST_BUCKETS)));
  const buckets = Math.floor(places / placesPerBucket);
  const reach = Math.min(buckets, atMost, Math.max(atLeast, Math.floor(buckets / oneIn)));
  return { buckets, placesPerBucket, reach };
}
