import type { UInt160 } from '../primitives/uint160.js';
import type { TransactionInput } from './transaction-input.js';
import type { TransactionType } from './transaction-type.js';

/**
 * What kind of asset a Register transaction makes. Governing and utility are the two system tokens.
 *
 * @publicApi
 */
export const AssetType = Object.freeze({
  Governing: 0x00,
  Utility: 0x01,
  Currency: 0x08,
  Token: 0x60,
  Share: 0x90,
  Invoice: 0x98,
});

/** @publicApi */
export type AssetType = (typeof AssetType)[keyof typeof AssetType];

/**
 * Whose state a descriptor changes: an account's votes, or a validator's registration.
 *
 * @publicApi
 */
export const StateType = Object.freeze({ Account: 0x40, Validator: 0x48 });

/** @publicApi */
export type StateType = (typeof StateType)[keyof typeof StateType];

/** The first transaction of every block; pays the fees to whoever made it. @publicApi */
export interface MinerData {
  readonly type: typeof TransactionType.Miner;
  /** Makes the hash unique. */
  readonly nonce: number;
}

/** Issues an amount of a registered asset. @publicApi */
export interface IssueData {
  readonly type: typeof TransactionType.Issue;
}

/** Claims the utility token that spent outputs have earned. @publicApi */
export interface ClaimData {
  readonly type: typeof TransactionType.Claim;
  readonly claims: readonly TransactionInput[];
}

/** Registers a validator candidate (obsolete). @publicApi */
export interface EnrollmentData {
  readonly type: typeof TransactionType.Enrollment;
  /** A compressed point of 33 bytes, or one zero byte for infinity. */
  readonly publicKey: Uint8Array;
}

/** Makes an asset (obsolete). @publicApi */
export interface RegisterData {
  readonly type: typeof TransactionType.Register;
  readonly assetType: AssetType;
  /** UTF-8: a plain name, or a JSON list of names by language. Bytes, because the hash covers them as they are. */
  readonly name: Uint8Array;
  /** Most that may ever be issued, in units of 10^-8; -1 = no bound. */
  readonly amount: bigint;
  /** Decimals, 0 to 8. */
  readonly precision: number;
  /** A compressed point of 33 bytes, or one zero byte (infinity) for the system tokens. */
  readonly owner: Uint8Array;
  readonly admin: UInt160;
}

/** Moves assets, and nothing else. @publicApi */
export interface ContractData {
  readonly type: typeof TransactionType.Contract;
}

/** Votes or registers as a validator. @publicApi */
export interface StateData {
  readonly type: typeof TransactionType.State;
  readonly descriptors: readonly StateDescriptor[];
}

/**
 * One change of state.
 *
 * @publicApi
 */
export type StateDescriptor =
  | {
      readonly type: typeof StateType.Account;
      /** The account's script hash, 20 bytes. */
      readonly key: Uint8Array;
      readonly field: 'Votes';
      /** An array of points, as on the wire. */
      readonly value: Uint8Array;
    }
  | {
      readonly type: typeof StateType.Validator;
      /** The validator's key, 33 bytes. */
      readonly key: Uint8Array;
      readonly field: 'Registered';
      /** One byte: 1 = registered. */
      readonly value: Uint8Array;
    };

/** Deploys a contract (obsolete). Texts are UTF-8 bytes, because the hash covers them as they are. @publicApi */
export interface PublishData {
  readonly type: typeof TransactionType.Publish;
  readonly script: Uint8Array;
  /** A type a byte. */
  readonly parameterList: Uint8Array;
  readonly returnType: number;
  /** There only from transaction version 1 on. */
  readonly needStorage?: boolean;
  readonly name: Uint8Array;
  readonly codeVersion: Uint8Array;
  readonly author: Uint8Array;
  readonly email: Uint8Array;
  readonly description: Uint8Array;
}

/** Runs a script. @publicApi */
export interface InvocationData {
  readonly type: typeof TransactionType.Invocation;
  readonly script: Uint8Array;
  /** Utility token paid for running it beyond the free part, in units of 10^-8. There only from version 1 on. */
  readonly gas?: bigint;
}

/**
 * What only one kind of transaction has; `type` tells which.
 *
 * @publicApi
 */
export type TransactionData =
  | MinerData
  | IssueData
  | ClaimData
  | EnrollmentData
  | RegisterData
  | ContractData
  | StateData
  | PublishData
  | InvocationData;
