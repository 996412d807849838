import type { UInt160 } from '../primitives/uint160.js';
import type { BlockHeader } from './block-header.js';
import { checkLink } from './header-link.js';
import { HeaderVerificationError, type HeaderRule } from './header-verification.error.js';
import type { HeaderTrust, HeaderVerification } from './header-verification.js';
import type { PublicKeys } from './public-keys.js';
import { scriptHash, type StandardScript } from './standard-script.js';

/**
 * What differs between dialects when a header is verified.
 *
 * @internal
 */
export interface HeaderRules<H extends BlockHeader> {
  /** The header as this dialect's class, which reads it from its bytes; undefined for one of another dialect. */
  readonly own: (header: BlockHeader) => H | undefined;
  /** The whole verification script of a genesis block, whose invocation script is empty. */
  readonly genesisScript: Uint8Array;
  readonly parseVerificationScript: (script: Uint8Array) => StandardScript | undefined;
  readonly parseInvocationScript: (script: Uint8Array) => readonly Uint8Array[] | undefined;
  /** What the validators sign. */
  readonly signedData: (header: H, magic: number) => Uint8Array;
  /** Checks fields of this dialect alone. @throws HeaderVerificationError */
  readonly checkFields: (header: H, script: StandardScript) => void;
}

/**
 * Checks one header by the rules of its dialect. What costs little comes first, and signatures are looked at only when
 * the keys are known to be those that may sign.
 *
 * @throws HeaderVerificationError; DecodeError for a header of somebody else's class whose bytes are none
 *
 * @internal
 */
export function verifyBy<H extends BlockHeader>(
  rules: HeaderRules<H>,
  given: BlockHeader,
  by: HeaderTrust,
  verification: HeaderVerification,
): void {
  const header = rules.own(given);
  if (header === undefined) refuse(given, 'dialect', `it is of ${given.dialect}`);
  if (header.index === 0) checkGenesis(rules, header, verification);
  const signers = 'previous' in by ? signersAfter(rules, header, by.previous) : by.nextConsensus;
  if (header.index === 0) return;
  const script = demandedScript(rules, header, signers);
  rules.checkFields(header, script);
  checkSignatures(rules, header, script, verification);
}

/** A header of index 0 is trusted by its hash. No hash covers the witness, so that has to be the one of all genesis blocks. */
function checkGenesis<H extends BlockHeader>(rules: HeaderRules<H>, header: H, { genesis }: HeaderVerification): void {
  if (genesis === undefined) refuse(header, 'genesis', 'the genesis block of the network is not known');
  if (!header.hash.equals(genesis)) {
    refuse(header, 'genesis', `its hash is ${header.hash.toString()}, not ${genesis.toString()}`);
  }
  const { invocation, verification } = header.witness;
  if (invocation.length > 0 || Buffer.compare(verification, rules.genesisScript) !== 0) {
    refuse(header, 'genesis', 'its witness is not that of a genesis block');
  }
}

/** Who may sign a header that follows that one, if it does. */
function signersAfter<H extends BlockHeader>(rules: HeaderRules<H>, header: H, given: BlockHeader): UInt160 {
  const previous = rules.own(given);
  if (previous === undefined)
    refuse(header, 'dialect', `it is of ${header.dialect}, the one before of ${given.dialect}`);
  checkLink(header, previous);
  return previous.nextConsensus;
}

/** The verification script, if it is the one that must agree. */
function demandedScript<H extends BlockHeader>(rules: HeaderRules<H>, header: H, signers: UInt160): StandardScript {
  const { verification } = header.witness;
  const account = scriptHash(verification);
  if (!account.equals(signers)) {
    refuse(header, 'next-consensus', `signed by ${account.toString()}, not ${signers.toString()}`);
  }
  const script = rules.parseVerificationScript(verification);
  if (script === undefined) refuse(header, 'script', 'its verification script is not a standard one');
  return script;
}

function checkSignatures<H extends BlockHeader>(
  rules: HeaderRules<H>,
  header: H,
  { required, keys }: StandardScript,
  verification: HeaderVerification,
): void {
  const signatures = rules.parseInvocationScript(header.witness.invocation);
  if (signatures === undefined) refuse(header, 'script', 'its invocation script does more than push signatures');
  if (signatures.length !== required) {
    refuse(header, 'script', `${signatures.length} signatures where there must be ${required}`);
  }
  const data = rules.signedData(header, verification.magic);
  if (!areSigned(data, signatures, keys, verification.keys)) {
    refuse(header, 'signature', 'a signature is not that of its key');
  }
}

/** As the virtual machines do it: each signature must be that of a key after the key of the signature before it. */
function areSigned(
  data: Uint8Array,
  signatures: readonly Uint8Array[],
  keys: readonly Uint8Array[],
  publicKeys: PublicKeys,
): boolean {
  let signed = 0;
  for (let i = 0; signed < signatures.length && signatures.length - signed <= keys.length - i; i++) {
    if (publicKeys.verify(keys[i]!, data, signatures[signed]!)) signed++;
  }
  return signed === signatures.length;
}

function refuse(header: BlockHeader, rule: HeaderRule, detail: string): never {
  throw new HeaderVerificationError(header.index, rule, detail);
}
