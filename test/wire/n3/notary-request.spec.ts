import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { AttributeType, type TransactionAttribute } from '../../../src/wire/n3/attribute.js';
import { NotaryRequestPayload } from '../../../src/wire/n3/notary-request.payload.js';
import { WitnessScope } from '../../../src/wire/n3/signer.js';
import { N3Transaction, type N3TransactionFields } from '../../../src/wire/n3/transaction.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { UInt160 } from '../../../src/wire/primitives/uint160.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { decodesOrRefuses, refusalOf, type Refusal } from '../../support/decode-failure.js';
import { mutations } from '../../support/mutations.js';
import { notaryRequests } from '../../support/n3-arbitraries.js';
import { bytes, loadN3Vectors } from '../../support/vectors.js';

const vectors = loadN3Vectors('payloads.json').filter(({ command }) => command === 'p2pnotaryrequest');

function decode(raw: Uint8Array): NotaryRequestPayload {
  const reader = new ByteReader(raw, 'p2pnotaryrequest');
  const payload = NotaryRequestPayload.decode(reader);
  reader.expectEnd();
  return payload;
}

function hexOf(raw: Uint8Array): string {
  return Buffer.from(raw).toString('hex');
}

describe('NotaryRequestPayload', () => {
  it('has a vector', () => {
    expect(vectors).toHaveLength(1);
  });

  it.each(vectors)('decodes and encodes $name', ({ hex, expected }) => {
    const payload = decode(bytes(hex));
    expect(payload.toJSON()).toEqual(expected);
    expect(hexOf(payload.raw)).toBe(hex);
    expect(hexOf(NotaryRequestPayload.from(payload).raw)).toBe(hex);
  });

  it('reads back any two transactions', () => {
    fc.assert(
      fc.property(notaryRequests(), (payload) => {
        const again = decode(payload.raw);
        expect(again.main.toJSON()).toEqual(payload.main.toJSON());
        expect(again.fallback.toJSON()).toEqual(payload.fallback.toJSON());
        expect(again.toJSON()).toEqual(payload.toJSON());
      }),
      { numRuns: 50 },
    );
  });

  it('decodes or refuses any bytes, and takes one form only of what is hashed', () => {
    fc.assert(
      fc.property(
        notaryRequests().chain(({ raw }) => mutations(raw)),
        (mutated) => {
          const read = () => NotaryRequestPayload.decode(new ByteReader(mutated, 'p2pnotaryrequest'));
          const payload = decodesOrRefuses(read);
          if (payload === undefined) return;
          const { main, fallback, witness } = payload;
          const again = NotaryRequestPayload.from({
            main: N3Transaction.from(main),
            fallback: N3Transaction.from(fallback),
            witness,
          });
          expect(hexOf(again.unsigned)).toBe(hexOf(payload.unsigned));
          expect(again.toJSON()).toEqual(payload.toJSON());
          decodesOrRefuses(() => payload.verify());
        },
      ),
      { numRuns: 300 },
    );
  });

  it('makes its parts and its hash once, and detaches', () => {
    const frame = Buffer.concat([Buffer.alloc(3), bytes(vectors[0]!.hex), Buffer.alloc(3)]);
    const payload = NotaryRequestPayload.decode(new ByteReader(frame, 'p2pnotaryrequest', 3));
    for (const part of ['main', 'fallback', 'hash'] as const) expect(payload[part]).toBe(payload[part]);
    const detached = payload.detach();
    frame.fill(0);
    expect(detached.toJSON()).toEqual(vectors[0]!.expected);
  });
});

const NOTARY = UInt160.from('0xc1e14f19c3e60d0b9244d06dd7ba9b113135ec3b');
const REQUESTER = UInt160.from('0x0000000000000000000000000000000000070809');
const EMPTY = new Uint8Array(0);
const NO_WITNESS = { invocation: EMPTY, verification: EMPTY };
const PUSH = { invocation: bytes(`0c40${'00'.repeat(64)}`), verification: EMPTY };

const common = { nonce: 1, systemFee: 0n, networkFee: 0n, validUntilBlock: 123, script: Uint8Array.of(0x40) };
const assisted = (nKeys: number) => ({ type: AttributeType.NotaryAssisted, nKeys }) as const;
const conflict = (hash: UInt256) => ({ type: AttributeType.Conflicts, hash }) as const;
const notBefore = { type: AttributeType.NotValidBefore, height: 100 } as const;
const signer = (account: UInt160) => ({ account, scopes: WitnessScope.None });

function request(
  main: Partial<N3TransactionFields> = {},
  fallback: Partial<N3TransactionFields> | ((main: N3Transaction) => Partial<N3TransactionFields>) = {},
): NotaryRequestPayload {
  const first = N3Transaction.from({ ...common, signers: [signer(REQUESTER)], attributes: [assisted(1)], ...main });
  const second = N3Transaction.from({
    ...common,
    signers: [signer(NOTARY), signer(REQUESTER)],
    attributes: [notBefore, conflict(first.hash), assisted(0)],
    witnesses: [PUSH, NO_WITNESS],
    ...(typeof fallback === 'function' ? fallback(first) : fallback),
  });
  return NotaryRequestPayload.from({ main: first, fallback: second, witness: NO_WITNESS });
}

/** Bytes of the main transaction that {@link request} makes. */
const MAIN_SIZE = 55;

describe('the rules of a notary request', () => {
  it('are met by one as it should be', () => {
    expect(request().verify()).toBeUndefined();
    expect(request().main.size).toBe(MAIN_SIZE);
  });

  it('are not met by the vector, whose fallback has another first signer: they are no matter of layout', () => {
    const refused = refusalOf(() => decode(bytes(vectors[0]!.hex)).verify());
    expect(refused).toMatchObject({ command: 'p2pnotaryrequest', field: 'fallback.signers[0]', problem: 'value' });
  });

  const withAttributes = (make: (main: N3Transaction) => readonly TransactionAttribute[]) =>
    request({}, (main) => ({ attributes: make(main) }));
  const SIGNERS = MAIN_SIZE + 25;
  const ATTRIBUTES = MAIN_SIZE + 68;
  it.each<[name: string, payload: NotaryRequestPayload, field: string, offset: number]>([
    ['main without NotaryAssisted', request({ attributes: [] }), 'main.attributes', 47],
    ['main with no key', request({ attributes: [assisted(0)] }), 'main.attributes', 47],
    ['main of the notary contract', request({ signers: [signer(NOTARY)] }), 'main.signers[0]', 26],
    [
      'fallback with one signer',
      request({}, { signers: [signer(NOTARY)], witnesses: [PUSH] }),
      'fallback.signers',
      SIGNERS,
    ],
    [
      'fallback of another contract',
      request({}, { signers: [signer(REQUESTER), signer(NOTARY)] }),
      'fallback.signers[0]',
      SIGNERS + 1,
    ],
    [
      'fallback without NotValidBefore',
      withAttributes((main) => [conflict(main.hash), assisted(0)]),
      'fallback.attributes',
      ATTRIBUTES,
    ],
    ['fallback without Conflicts', withAttributes(() => [notBefore, assisted(0)]), 'fallback.attributes', ATTRIBUTES],
    [
      'fallback that conflicts with another',
      withAttributes(() => [notBefore, conflict(UInt256.ZERO), assisted(0)]),
      'fallback.attributes',
      ATTRIBUTES,
    ],
    [
      'fallback that conflicts with two',
      withAttributes((main) => [notBefore, conflict(main.hash), conflict(UInt256.ZERO), assisted(0)]),
      'fallback.attributes',
      ATTRIBUTES,
    ],
    [
      'fallback without NotaryAssisted',
      withAttributes((main) => [notBefore, conflict(main.hash)]),
      'fallback.attributes',
      ATTRIBUTES,
    ],
    [
      'fallback with a key',
      withAttributes((main) => [notBefore, conflict(main.hash), assisted(1)]),
      'fallback.attributes',
      ATTRIBUTES,
    ],
    ['fallback valid for longer', request({}, { validUntilBlock: 124 }), 'fallback.validUntilBlock', MAIN_SIZE + 21],
    ...[
      NO_WITNESS,
      { ...PUSH, verification: Uint8Array.of(0x40) },
      { ...PUSH, invocation: bytes(`0c41${'00'.repeat(65)}`) },
      { ...PUSH, invocation: bytes(`0c40${'00'.repeat(65)}`) },
      { ...PUSH, invocation: bytes(`0d40${'00'.repeat(64)}`) },
    ].map((witness, i): [string, NotaryRequestPayload, string, number] => [
      `fallback with a first witness that pushes no signature (${i})`,
      request({}, { witnesses: [witness, NO_WITNESS] }),
      'fallback.witnesses[0]',
      MAIN_SIZE + 112,
    ]),
  ])('refuse a %s', (_name, payload, field, offset) => {
    expect(refusalOf(() => payload.verify())).toEqual({ command: 'p2pnotaryrequest', field, offset, problem: 'value' });
  });
});

describe('the bytes of a notary request', () => {
  const { main, fallback } = request();
  const whole = hexOf(request().raw);

  /** The witnesses of main are `010000`, and stand at its end. */
  const withMainWitnesses = (hex: string) => `${hexOf(main.unsigned)}${hex}${hexOf(fallback.raw)}0000`;

  it.each<[name: string, hex: string, refusal: Omit<Refusal, 'command'>]>([
    ['nothing', '', { field: 'main.version', offset: 0, problem: 'truncated' }],
    ['half of main', whole.slice(0, 60), { field: 'main.signers', offset: 25, problem: 'truncated' }],
    ['main alone', hexOf(main.raw), { field: 'fallback.version', offset: MAIN_SIZE, problem: 'truncated' }],
    [
      'a fallback of version 1',
      `${hexOf(main.raw)}01${hexOf(fallback.raw).slice(2)}0000`,
      { field: 'fallback.version', offset: MAIN_SIZE, problem: 'value' },
    ],
    [
      'no witness',
      whole.slice(0, -4),
      { field: 'witness.invocation', offset: whole.length / 2 - 2, problem: 'truncated' },
    ],
    [
      'half a witness',
      whole.slice(0, -2),
      { field: 'witness.verification', offset: whole.length / 2 - 1, problem: 'truncated' },
    ],
    [
      'a count of witnesses in a longer form, for they are hashed here',
      withMainWitnesses('fd01000000'),
      { field: 'main.witnesses', offset: 52, problem: 'value' },
    ],
    [
      'a length of a script in a longer form',
      withMainWitnesses('0100fd0000'),
      { field: 'main.witnesses[0].verification', offset: 54, problem: 'value' },
    ],
  ])('refuse %s', (_name, hex, refusal) => {
    expect(refusalOf(() => decode(bytes(hex)))).toEqual({ command: 'p2pnotaryrequest', ...refusal });
  });

  it('may have a witness of its own with lengths in any form, for no hash covers it', () => {
    const longer = decode(bytes(`${whole.slice(0, -4)}fd0000fe00000000`));
    expect(longer.toJSON()).toEqual(request().toJSON());
  });
});
