import type { ValueTransformer } from 'typeorm';

/**
 * Postgres gives 64-bit integers as text; SQLite gives numbers. Ours stay below 2^53. A clock may have fractions, which
 * Postgres refuses.
 */
export const wholeNumber: ValueTransformer = {
  to: (value: number | null | undefined) => (typeof value === 'number' ? Math.round(value) : value),
  from: (value: string | number | null) => (value === null ? null : Number(value)),
};

/** As {@link wholeNumber}, for a field that a row may lack: drivers disagree about `undefined`. */
export const optionalWholeNumber: ValueTransformer = {
  to: (value: number | null | undefined) => (typeof value === 'number' ? Math.round(value) : null),
  from: (value: string | number | null) => (value === null ? null : Number(value)),
};

const HEX_DIGITS = 16;
const HEX = /^[0-9a-f]{16}$/;

/** 64-bit values as 16 hex digits: as a number column they lose bits over 2^53 on SQLite. */
export const hex64: ValueTransformer = {
  to: (value: bigint | undefined) =>
    value === undefined ? value : BigInt.asUintN(64, value).toString(16).padStart(HEX_DIGITS, '0'),
  from: (value: string) => (HEX.test(value) ? BigInt(`0x${value}`) : 0n),
};

/** Text that a remote wrote: Postgres refuses U+0000 in text, so one such user agent would block every save. */
export const remoteText: ValueTransformer = {
  to: (value: string | null | undefined) => value?.replaceAll('\0', '\uFFFD') ?? value,
  from: (value: string | null) => value,
};

/** As {@link remoteText}, for a field that a row may lack. */
export const optionalRemoteText: ValueTransformer = {
  to: (value: string | null | undefined) => value?.replaceAll('\0', '\uFFFD') ?? null,
  from: (value: string | null) => value,
};
