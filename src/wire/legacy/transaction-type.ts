/**
 * The nine kinds of NEO 2.x transaction; the number is the first byte on the wire. Enrollment, Register and Publish are
 * obsolete, but stand in old blocks.
 *
 * @publicApi
 */
export const TransactionType = Object.freeze({
  Miner: 0x00,
  Issue: 0x01,
  Claim: 0x02,
  Enrollment: 0x20,
  Register: 0x40,
  Contract: 0x80,
  State: 0x90,
  Publish: 0xd0,
  Invocation: 0xd1,
});

/** @publicApi */
export type TransactionType = (typeof TransactionType)[keyof typeof TransactionType];

/**
 * The name of a transaction type, as nodes print it.
 *
 * @publicApi
 */
export type TransactionTypeName = `${keyof typeof TransactionType}Transaction`;

const NAMES: ReadonlyMap<number, TransactionTypeName> = new Map(
  Object.entries(TransactionType).map(([name, type]) => [type, `${name}Transaction` as TransactionTypeName]),
);

/**
 * `MinerTransaction` for 0, and so on.
 *
 * @publicApi
 */
export function transactionTypeName(type: TransactionType): TransactionTypeName {
  return NAMES.get(type)!;
}
