import { readArray, skipArray } from '../primitives/array.js';
import type { ByteReader } from '../primitives/byte-reader.js';
import type { ByteWriter } from '../primitives/byte-writer.js';
import { toHex } from '../primitives/hex.js';
import { UInt160 } from '../primitives/uint160.js';
import { MAX_SIGNER_ITEMS } from './limits.js';
import { POINT_SIZE, readPoint, refuse, skipPoint, writePoint } from './transaction-field.js';
import { MIN_RULE_SIZE, readRule, ruleToJSON, skipRule, writeRule, type WitnessRule } from './witness-rule.js';

/**
 * Where a signer's witness counts: bits, to be combined with `|`. `Global` stands alone.
 *
 * @publicApi
 */
export const WitnessScope = Object.freeze({
  /** Nowhere: the signer only pays the fees. */
  None: 0x00,
  /** In the transaction's script, and in what it calls directly. */
  CalledByEntry: 0x01,
  /** In the contracts of `allowedContracts`. */
  CustomContracts: 0x10,
  /** In contracts of the groups of `allowedGroups`. */
  CustomGroups: 0x20,
  /** Where `rules` say. */
  WitnessRules: 0x40,
  /** Everywhere. */
  Global: 0x80,
});

/** @publicApi */
export type WitnessScope = (typeof WitnessScope)[keyof typeof WitnessScope];

/**
 * An account that witnesses a transaction, and how far its witness reaches. Each list is there exactly when its bit is set
 * in `scopes`.
 *
 * @publicApi
 */
export interface Signer {
  readonly account: UInt160;
  /** Bits of {@link WitnessScope}. */
  readonly scopes: number;
  /** At most 16, with `CustomContracts`. */
  readonly allowedContracts?: readonly UInt160[];
  /** At most 16 public keys, compressed points of 33 bytes, with `CustomGroups`. */
  readonly allowedGroups?: readonly Uint8Array[];
  /** At most 16, with `WitnessRules`. */
  readonly rules?: readonly WitnessRule[];
}

/** Smallest signer: an account and scopes without a list. */
export const MIN_SIGNER_SIZE = UInt160.SIZE + 1;

const ALL_SCOPES = Object.values(WitnessScope).reduce<number>((all, scope) => all | scope, 0);
const SCOPE_NAMES = Object.keys(WitnessScope) as (keyof typeof WitnessScope)[];

/** Steps over a signer and checks it. @internal */
export function skipSigner(reader: ByteReader): void {
  reader.skip(UInt160.SIZE, 'account');
  const scopes = reader.u8('scopes');
  if ((scopes & ~ALL_SCOPES) !== 0 || (has(scopes, WitnessScope.Global) && scopes !== WitnessScope.Global)) {
    const detail = `0x${scopes.toString(16)} has unknown bits, or Global beside others`;
    reader.fail('scopes', 'value', detail, reader.offset - 1);
  }
  if (has(scopes, WitnessScope.CustomContracts)) {
    skipArray(reader, 'allowedContracts', MAX_SIGNER_ITEMS, UInt160.SIZE, skipContract, true);
  }
  if (has(scopes, WitnessScope.CustomGroups)) {
    skipArray(reader, 'allowedGroups', MAX_SIGNER_ITEMS, POINT_SIZE, skipGroup, true);
  }
  if (has(scopes, WitnessScope.WitnessRules))
    skipArray(reader, 'rules', MAX_SIGNER_ITEMS, MIN_RULE_SIZE, skipRule, true);
}

/** A signer that was stepped over before. @internal */
export function readSigner(reader: ByteReader): Signer {
  const account = UInt160.fromDigest(reader.digest(UInt160.SIZE, 'account'));
  const scopes = reader.u8('scopes');
  return {
    account,
    scopes,
    ...(has(scopes, WitnessScope.CustomContracts) && { allowedContracts: readArray(reader, readContract) }),
    ...(has(scopes, WitnessScope.CustomGroups) && { allowedGroups: readArray(reader, readGroup) }),
    ...(has(scopes, WitnessScope.WitnessRules) && { rules: readArray(reader, readRule) }),
  };
}

/** @internal */
export function writeSigner(writer: ByteWriter, signer: Signer): void {
  const { account, scopes, allowedContracts, allowedGroups, rules } = signer;
  checkList(scopes, WitnessScope.CustomContracts, 'allowedContracts', allowedContracts);
  checkList(scopes, WitnessScope.CustomGroups, 'allowedGroups', allowedGroups);
  checkList(scopes, WitnessScope.WitnessRules, 'rules', rules);
  writer.digest(account.key).u8(scopes);
  if (allowedContracts !== undefined) {
    writer.varint(allowedContracts.length);
    for (const contract of allowedContracts) writer.digest(contract.key);
  }
  if (allowedGroups !== undefined) {
    writer.varint(allowedGroups.length);
    for (const group of allowedGroups) writePoint(writer, group, 'signers.allowedGroups');
  }
  if (rules !== undefined) {
    writer.varint(rules.length);
    for (const rule of rules) writeRule(writer, rule);
  }
}

/** The names of the scopes as nodes print them: `None`, or those of the bits with commas between. @publicApi */
export function witnessScopeNames(scopes: number): string {
  const names = SCOPE_NAMES.filter((name) => has(scopes, WitnessScope[name]));
  return names.length === 0 ? 'None' : names.join(', ');
}

/** @internal */
export function signerToJSON({ account, scopes, allowedContracts, allowedGroups, rules }: Signer): object {
  return {
    account: account.toJSON(),
    scopes: witnessScopeNames(scopes),
    scopesByte: scopes,
    ...(allowedContracts !== undefined && { allowedcontracts: allowedContracts.map(String) }),
    ...(allowedGroups !== undefined && { allowedgroups: allowedGroups.map(toHex) }),
    ...(rules !== undefined && { rules: rules.map(ruleToJSON) }),
  };
}

function has(scopes: number, scope: WitnessScope): boolean {
  return (scopes & scope) !== 0;
}

function skipContract(reader: ByteReader): void {
  reader.skip(UInt160.SIZE, '');
}

function readContract(reader: ByteReader): UInt160 {
  return UInt160.fromDigest(reader.digest(UInt160.SIZE, ''));
}

function skipGroup(reader: ByteReader): void {
  skipPoint(reader, '');
}

function readGroup(reader: ByteReader): Uint8Array {
  return readPoint(reader, '');
}

/** A list without its bit would not be written, and a bit without its list would take what follows for one. */
function checkList(scopes: number, scope: WitnessScope, field: string, list: readonly unknown[] | undefined): void {
  if (has(scopes, scope) === (list !== undefined)) return;
  refuse(`signers.${field}`, `it must be there exactly when its bit 0x${scope.toString(16)} is set in the scopes`);
}
