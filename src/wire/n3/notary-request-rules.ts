import { DecodeError } from '../primitives/decode.error.js';
import { UInt160 } from '../primitives/uint160.js';
import { AttributeType, type TransactionAttribute } from './attribute.js';
import type { N3Transaction } from './transaction.js';
import { SIGNERS_AT, VALID_UNTIL_BLOCK_AT } from './transaction-layout.js';

/** The native contract that pays for fallback transactions. The same on every network. */
const NOTARY_CONTRACT = UInt160.from('0xc1e14f19c3e60d0b9244d06dd7ba9b113135ec3b');

/** The invocation script of the notary contract's witness: a push of 64 bytes, to be replaced by a notary's signature. */
const SIGNATURE_SIZE = 64;
const PUSH_SIGNATURE = Object.freeze([0x0c, SIGNATURE_SIZE]);

/**
 * What neo-go asks of the two transactions of a notary request, beside that each of them is one.
 *
 * @throws DecodeError naming the field that breaks a rule, with offsets as in a payload that begins with `main`
 *
 * @internal
 */
export function checkNotaryRequest(main: N3Transaction, fallback: N3Transaction): void {
  checkMain(main);
  checkFallbackSigners(main, fallback);
  checkFallbackAttributes(main, fallback);
  if (main.validUntilBlock !== fallback.validUntilBlock) {
    refuse(
      'fallback.validUntilBlock',
      main.size + VALID_UNTIL_BLOCK_AT,
      'it differs from that of the main transaction',
    );
  }
}

function checkMain(main: N3Transaction): void {
  if (main.sender.equals(NOTARY_CONTRACT)) refuse('main.signers[0]', SIGNERS_AT + 1, 'it is the notary contract');
  const assisted = find(main, AttributeType.NotaryAssisted);
  if (assisted === undefined || assisted.nKeys === 0) {
    refuse('main.attributes', main.attributesAt, 'there is no NotaryAssisted with at least one key');
  }
}

/** Signed by the notary contract, whose witness is yet to come, and by the requester. */
function checkFallbackSigners(main: N3Transaction, fallback: N3Transaction): void {
  if (fallback.signers.length !== 2) refuse('fallback.signers', main.size + SIGNERS_AT, 'there are not two');
  if (!fallback.sender.equals(NOTARY_CONTRACT)) {
    refuse('fallback.signers[0]', main.size + SIGNERS_AT + 1, 'it is not the notary contract');
  }
  const { invocation, verification } = fallback.witnesses[0]!;
  const pushes = PUSH_SIGNATURE.every((byte, i) => invocation[i] === byte);
  if (!pushes || invocation.length !== PUSH_SIGNATURE.length + SIGNATURE_SIZE || verification.length > 0) {
    const detail = 'it is not a push of 64 bytes beside an empty verification script';
    refuse('fallback.witnesses[0]', main.size + fallback.unsignedLength + 1, detail);
  }
}

function checkFallbackAttributes(main: N3Transaction, fallback: N3Transaction): void {
  const at = main.size + fallback.attributesAt;
  if (find(fallback, AttributeType.NotValidBefore) === undefined) {
    refuse('fallback.attributes', at, 'there is no NotValidBefore');
  }
  const conflicts = fallback.attributes.filter(({ type }) => type === AttributeType.Conflicts);
  if (conflicts.length !== 1 || !find(fallback, AttributeType.Conflicts)!.hash.equals(main.hash)) {
    refuse('fallback.attributes', at, 'there is not one Conflicts alone, with the hash of the main transaction');
  }
  if (find(fallback, AttributeType.NotaryAssisted)?.nKeys !== 0) {
    refuse('fallback.attributes', at, 'there is no NotaryAssisted without keys');
  }
}

/** The first attribute of that type. */
function find<T extends AttributeType>(
  transaction: N3Transaction,
  type: T,
): Extract<TransactionAttribute, { type: T }> | undefined {
  return transaction.attributes.find(
    (attribute): attribute is Extract<TransactionAttribute, { type: T }> => attribute.type === type,
  );
}

function refuse(field: string, offset: number, detail: string): never {
  throw new DecodeError({ command: 'p2pnotaryrequest', field, offset, problem: 'value', detail });
}
