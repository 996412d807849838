import type { UInt160 } from '../primitives/uint160.js';

/**
 * What a witness condition asks; the number is the byte on the wire.
 *
 * @publicApi
 */
export const WitnessConditionType = Object.freeze({
  Boolean: 0x00,
  Not: 0x01,
  And: 0x02,
  Or: 0x03,
  ScriptHash: 0x18,
  Group: 0x19,
  CalledByEntry: 0x20,
  CalledByContract: 0x28,
  CalledByGroup: 0x29,
});

/** @publicApi */
export type WitnessConditionType = (typeof WitnessConditionType)[keyof typeof WitnessConditionType];

/** Always holds, or never. @publicApi */
export interface BooleanCondition {
  readonly type: typeof WitnessConditionType.Boolean;
  readonly expression: boolean;
}

/** Holds when the other doesn't. @publicApi */
export interface NotCondition {
  readonly type: typeof WitnessConditionType.Not;
  readonly expression: WitnessCondition;
}

/** Holds when all of these do, or one of them. @publicApi */
export interface CompoundCondition {
  readonly type: typeof WitnessConditionType.And | typeof WitnessConditionType.Or;
  /** 1 to 16. */
  readonly expressions: readonly WitnessCondition[];
}

/** Holds when the script that runs, or the contract that called it, has this hash. @publicApi */
export interface ContractCondition {
  readonly type: typeof WitnessConditionType.ScriptHash | typeof WitnessConditionType.CalledByContract;
  readonly hash: UInt160;
}

/** Holds when the contract that runs, or the one that called it, belongs to this group. @publicApi */
export interface GroupCondition {
  readonly type: typeof WitnessConditionType.Group | typeof WitnessConditionType.CalledByGroup;
  /** The group's public key: a compressed point of 33 bytes. */
  readonly group: Uint8Array;
}

/** Holds in the transaction's script, and in what it calls directly. @publicApi */
export interface CalledByEntryCondition {
  readonly type: typeof WitnessConditionType.CalledByEntry;
}

/**
 * When a witness rule applies. `type` tells which condition it is. Conditions are nested at most three deep, the
 * outermost counted.
 *
 * @publicApi
 */
export type WitnessCondition =
  BooleanCondition | NotCondition | CompoundCondition | ContractCondition | GroupCondition | CalledByEntryCondition;
