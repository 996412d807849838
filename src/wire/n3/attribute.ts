import type { UInt256 } from '../primitives/uint256.js';

/**
 * What a transaction's attribute is for; the number is the byte on the wire. 0xe0 to 0xff are reserved for private
 * networks, see {@link ReservedAttribute}.
 *
 * @publicApi
 */
export const AttributeType = Object.freeze({
  /** The committee's: comes before others into a block. */
  HighPriority: 0x01,
  /** Brings what an oracle found. */
  OracleResponse: 0x11,
  /** The transaction is not valid below a height. */
  NotValidBefore: 0x20,
  /** The transaction takes the place of another. */
  Conflicts: 0x21,
  /** Others complete the signatures, through a notary. */
  NotaryAssisted: 0x22,
});

/** @publicApi */
export type AttributeType = (typeof AttributeType)[keyof typeof AttributeType];

/**
 * How a request to an oracle went; the number is the byte on the wire.
 *
 * @publicApi
 */
export const OracleResponseCode = Object.freeze({
  Success: 0x00,
  ProtocolNotSupported: 0x10,
  ConsensusUnreachable: 0x12,
  NotFound: 0x14,
  Timeout: 0x16,
  Forbidden: 0x18,
  ResponseTooLarge: 0x1a,
  InsufficientFunds: 0x1c,
  ContentTypeNotSupported: 0x1f,
  Error: 0xff,
});

/** @publicApi */
export type OracleResponseCode = (typeof OracleResponseCode)[keyof typeof OracleResponseCode];

/** @publicApi */
export interface HighPriorityAttribute {
  readonly type: typeof AttributeType.HighPriority;
}

/** @publicApi */
export interface OracleResponseAttribute {
  readonly type: typeof AttributeType.OracleResponse;
  /** Of the request. */
  readonly id: bigint;
  readonly code: OracleResponseCode;
  /** Empty unless the code is `Success`. */
  readonly result: Uint8Array;
}

/** @publicApi */
export interface NotValidBeforeAttribute {
  readonly type: typeof AttributeType.NotValidBefore;
  readonly height: number;
}

/** @publicApi */
export interface ConflictsAttribute {
  readonly type: typeof AttributeType.Conflicts;
  /** Of the transaction whose place it takes. */
  readonly hash: UInt256;
}

/** @publicApi */
export interface NotaryAssistedAttribute {
  readonly type: typeof AttributeType.NotaryAssisted;
  /** How many keys sign through the notary; 0 in a fallback transaction. */
  readonly nKeys: number;
}

/** The types that private networks may use as they like. @publicApi */
// prettier-ignore
export type ReservedAttributeType =
  | 0xe0 | 0xe1 | 0xe2 | 0xe3 | 0xe4 | 0xe5 | 0xe6 | 0xe7 | 0xe8 | 0xe9 | 0xea | 0xeb | 0xec | 0xed | 0xee | 0xef
  | 0xf0 | 0xf1 | 0xf2 | 0xf3 | 0xf4 | 0xf5 | 0xf6 | 0xf7 | 0xf8 | 0xf9 | 0xfa | 0xfb | 0xfc | 0xfd | 0xfe | 0xff;

/**
 * An attribute of a private network. neo-go decodes it (and takes it for valid where its option `ReservedAttributes` says
 * so), the C# node refuses it; it is decoded here, so that nobody's valid block is refused.
 *
 * @publicApi
 */
export interface ReservedAttribute {
  readonly type: ReservedAttributeType;
  readonly data: Uint8Array;
}

/**
 * Something a transaction says beside its script. `type` tells what.
 *
 * @publicApi
 */
export type TransactionAttribute =
  | HighPriorityAttribute
  | OracleResponseAttribute
  | NotValidBeforeAttribute
  | ConflictsAttribute
  | NotaryAssistedAttribute
  | ReservedAttribute;
