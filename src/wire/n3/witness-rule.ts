import type { ByteReader } from '../primitives/byte-reader.js';
import type { ByteWriter } from '../primitives/byte-writer.js';
import { conditionToJSON, readCondition, skipCondition, writeCondition } from './witness-condition-codec.js';
import type { WitnessCondition } from './witness-condition.js';

/**
 * What a witness rule does when its condition holds; the number is the byte on the wire.
 *
 * @publicApi
 */
export const WitnessRuleAction = Object.freeze({ Deny: 0, Allow: 1 });

/** @publicApi */
export type WitnessRuleAction = (typeof WitnessRuleAction)[keyof typeof WitnessRuleAction];

/**
 * Where a signer's witness counts, or doesn't. Of a signer's rules the first whose condition holds decides.
 *
 * @publicApi
 */
export interface WitnessRule {
  readonly action: WitnessRuleAction;
  readonly condition: WitnessCondition;
}

/** Smallest rule: an action and a condition without a body (CalledByEntry). */
export const MIN_RULE_SIZE = 2;

/** Steps over a rule and checks it. @internal */
export function skipRule(reader: ByteReader): void {
  const action = reader.u8('action');
  if (action > WitnessRuleAction.Allow) {
    reader.fail('action', 'value', `${action} is neither Deny (0) nor Allow (1)`, reader.offset - 1);
  }
  reader.enter('condition');
  skipCondition(reader);
  reader.leave();
}

/** A rule that was stepped over before. @internal */
export function readRule(reader: ByteReader): WitnessRule {
  return { action: reader.u8('action') as WitnessRuleAction, condition: readCondition(reader) };
}

/** @internal */
export function writeRule(writer: ByteWriter, { action, condition }: WitnessRule): void {
  writeCondition(writer.u8(action), condition);
}

/** @internal */
export function ruleToJSON({ action, condition }: WitnessRule): object {
  return {
    action: action === WitnessRuleAction.Allow ? 'Allow' : 'Deny',
    condition: conditionToJSON(condition),
  };
}
