import { createECDH, createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { BlockHeader } from '../../src/wire/common/block-header.js';
import { HeaderVerificationError } from '../../src/wire/common/header-verification.error.js';
import type { HeaderTrust } from '../../src/wire/common/header-verification.js';
import { LegacyBlockHeader } from '../../src/wire/legacy/block-header.js';
import * as legacyScripts from '../../src/wire/legacy/script.js';
import { N3BlockHeader } from '../../src/wire/n3/block-header.js';
import { signedData } from '../../src/wire/n3/header-verification.js';
import * as n3Scripts from '../../src/wire/n3/script.js';
import { UInt256 } from '../../src/wire/primitives/uint256.js';
import { GENESIS, legacyChain, N3_LOCAL, n3Chain, onNetwork, outcome, verify } from '../support/verified-headers.js';

describe('a header of index 0', () => {
  it.each(Object.entries(GENESIS))('is known by its hash: the genesis block of %s', (_name, header) => {
    expect(outcome(() => verify(header, header, onNetwork(header.hash)))).toBeUndefined();
  });

  it.each(['n3', 'legacy'] as const)('is refused in %s unless it is the genesis block of the network', (dialect) => {
    const genesis = GENESIS[dialect];
    const other = GENESIS[`${dialect}Mainnet`];
    expect(outcome(() => verify(genesis, genesis, onNetwork(other.hash)))).toBe('genesis');
    expect(outcome(() => verify(genesis, genesis, onNetwork(undefined)))).toBe('genesis');
    expect(outcome(() => verify(genesis, { previous: other }, onNetwork(genesis.hash)))).toBe('index');
  });

  it.each(['n3', 'legacy'] as const)('is refused in %s with any other witness', (dialect) => {
    const genesis = GENESIS[dialect];
    const { verification } = genesis.witness;
    const nothing = new Uint8Array(0);
    const witnesses = [
      { invocation: verification, verification },
      { invocation: nothing, verification: nothing },
      { invocation: nothing, verification: Uint8Array.of(...verification, ...verification) },
      { invocation: nothing, verification: Uint8Array.of(dialect === 'n3' ? 0x51 : 0x11) },
    ];
    for (const witness of witnesses) {
      const header = withWitness(genesis, witness);
      expect(header.hash.equals(genesis.hash)).toBe(true);
      expect(outcome(() => verify(header, genesis, onNetwork(genesis.hash)))).toBe('genesis');
    }
  });
});

/** The same header with another witness. */
function withWitness(header: LegacyBlockHeader | N3BlockHeader, witness: BlockHeader['witness']): BlockHeader {
  if (header instanceof N3BlockHeader) {
    const { prevHash, merkleRoot, timestamp, nonce, index, primaryIndex, nextConsensus } = header;
    const rest = { prevHash, merkleRoot, timestamp, nonce, index, primaryIndex, nextConsensus };
    return N3BlockHeader.from({ ...rest, witness });
  }
  const { version, prevHash, merkleRoot, timestamp, index, consensusData, nextConsensus } = header;
  const rest = { version, prevHash, merkleRoot, timestamp, index, consensusData, nextConsensus };
  return LegacyBlockHeader.from({ ...rest, witness });
}

/** A validator whose private key is 32 times this byte. */
class Validator {
  readonly point: Buffer;
  readonly #key: KeyObject;

  constructor(byte: number) {
    const ecdh = createECDH('prime256v1');
    const d = Buffer.alloc(32, byte);
    ecdh.setPrivateKey(d);
    const [x, y] = [ecdh.getPublicKey().subarray(1, 33), ecdh.getPublicKey().subarray(33)];
    const [jwkD, jwkX, jwkY] = [d, x, y].map((part) => part.toString('base64url'));
    this.#key = createPrivateKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', d: jwkD!, x: jwkX!, y: jwkY! } });
    this.point = Buffer.from(ecdh.getPublicKey('hex', 'compressed'), 'hex');
  }

  sign(data: Uint8Array): Buffer {
    return sign('sha256', data, { key: this.#key, dsaEncoding: 'ieee-p1363' });
  }
}

/** In the order that scripts sort their keys into. */
const validators = [1, 2, 3, 4].map((byte) => new Validator(byte)).toSorted((a, b) => byX(a.point, b.point));
const points = validators.map(({ point }) => point);

function byX(a: Buffer, b: Buffer): number {
  return Buffer.compare(a.subarray(1), b.subarray(1));
}

const DIALECTS = [
  { dialect: 'n3', scripts: n3Scripts, genesis: GENESIS.n3 },
  { dialect: 'legacy', scripts: legacyScripts, genesis: GENESIS.legacy },
] as const;

describe.each(DIALECTS)('the witness of a $dialect header', ({ scripts, genesis }) => {
  /** A header after the genesis block of its dialect with that verification script, signed by these in this order. */
  function signed(
    verification: Uint8Array,
    signers: readonly Validator[],
    change = (invocation: Uint8Array) => invocation,
  ) {
    const nothing = new Uint8Array(0);
    const { hash: prevHash, merkleRoot, nextConsensus } = genesis;
    const fields = { prevHash, merkleRoot, timestamp: genesis.timestamp + 1, index: 1, nextConsensus };
    const witness = { invocation: nothing, verification };
    const header =
      genesis instanceof N3BlockHeader
        ? N3BlockHeader.from({ ...fields, nonce: 0n, primaryIndex: 0, witness })
        : LegacyBlockHeader.from({ ...fields, consensusData: 0n, witness });
    const data = header instanceof N3BlockHeader ? signedData(header.hash, N3_LOCAL) : header.unsigned;
    const invocation = change(scripts.invocationScript(signers.map((signer) => signer.sign(data))));
    return withWitness(header, { invocation, verification });
  }

  /** What comes of it where its script is that of the account that must sign. */
  function outcomeOf(verification: Uint8Array, ...signers: readonly Validator[]) {
    const by = { nextConsensus: scripts.scriptHash(verification) };
    return outcome(() => verify(signed(verification, signers), by, onNetwork(undefined)));
  }

  const two = scripts.multisignatureScript(2, points);
  const [a, b, c, d] = validators as [Validator, Validator, Validator, Validator];

  it('is enough with any of the keys, in their order', () => {
    for (const pair of [
      [a, b],
      [a, d],
      [b, c],
      [c, d],
    ] as const)
      expect(outcomeOf(two, ...pair)).toBeUndefined();
    expect(outcomeOf(scripts.multisignatureScript(4, points), a, b, c, d)).toBeUndefined();
    expect(outcomeOf(scripts.multisignatureScript(1, points), d)).toBeUndefined();
    expect(outcomeOf(scripts.signatureScript(a.point), a)).toBeUndefined();
  });

  it('is refused in another order, or with one key twice', () => {
    for (const pair of [
      [b, a],
      [a, a],
      [d, c],
    ] as const)
      expect(outcomeOf(two, ...pair)).toBe('signature');
  });

  it('is refused with fewer or more signatures than wanted', () => {
    for (const signers of [[], [a], [a, b, c]]) expect(outcomeOf(two, ...signers)).toBe('script');
    expect(outcomeOf(scripts.signatureScript(a.point), a, a)).toBe('script');
  });

  it('is refused with a signature of somebody else', () => {
    expect(outcomeOf(two, a, new Validator(9))).toBe('signature');
    expect(outcomeOf(scripts.signatureScript(a.point), b)).toBe('signature');
  });

  it('is refused with a script that is not a standard one, or does more than push signatures', () => {
    expect(outcomeOf(genesis.witness.verification)).toBe('script');
    const padded = signed(two, [a, b], (invocation) => Uint8Array.of(...invocation, 0x51));
    const by = { nextConsensus: scripts.scriptHash(two) };
    expect(outcome(() => verify(padded, by, onNetwork(undefined)))).toBe('script');
  });

  it('is refused of accounts that were not named', () => {
    const header = signed(two, [a, b]);
    expect(outcome(() => verify(header, genesis, onNetwork(undefined)))).toBe('next-consensus');
    expect(outcome(() => verify(header, { previous: genesis }, onNetwork(undefined)))).toBe('next-consensus');
  });

  it('counts no key that is no point of the curve, and finds the others', () => {
    const nowhere = Buffer.concat([Uint8Array.of(2), Buffer.alloc(32, 0xff)]);
    const withIt = scripts.multisignatureScript(2, [...points, nowhere]);
    expect(outcomeOf(withIt, c, d)).toBeUndefined();
    expect(outcomeOf(scripts.signatureScript(nowhere), a)).toBe('signature');
  });

  it('is taken with high and low s alike', () => {
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const script = scripts.signatureScript(a.point);
    const by = { nextConsensus: scripts.scriptHash(script) };
    const other = signed(script, [a], (invocation) => {
      const s = BigInt(`0x${Buffer.from(invocation.subarray(-32)).toString('hex')}`);
      return Buffer.concat([
        invocation.subarray(0, -32),
        Buffer.from((order - s).toString(16).padStart(64, '0'), 'hex'),
      ]);
    });
    expect(outcome(() => verify(other, by, onNetwork(undefined)))).toBeUndefined();
  });
});

/** What somebody else's class might give for that header: its bytes, and fields of their own. */
function foreign({ dialect, raw }: Pick<BlockHeader, 'dialect' | 'raw'>, lies: Partial<BlockHeader>): BlockHeader {
  return { dialect, raw, ...lies } as BlockHeader;
}

describe('a header', () => {
  const [n3, n3After] = n3Chain().slice(1, 3) as [N3BlockHeader, N3BlockHeader];
  const [legacy, legacyAfter] = legacyChain().slice(1, 3) as [LegacyBlockHeader, LegacyBlockHeader];

  it('of one dialect follows none of the other', () => {
    expect(outcome(() => verify(n3After, { previous: legacy }, onNetwork(undefined)))).toBe('dialect');
    expect(outcome(() => verify(legacyAfter, { previous: n3 }, onNetwork(undefined)))).toBe('dialect');
  });

  it('is signed for one network in N3, for any in Legacy', () => {
    expect(outcome(() => verify(n3After, { previous: n3 }, onNetwork(undefined, 43)))).toBe('signature');
    expect(outcome(() => verify(legacyAfter, { previous: legacy }, onNetwork(undefined, 43)))).toBeUndefined();
  });

  it('of a class of somebody else counts by its bytes', () => {
    for (const [previous, header] of [
      [n3, n3After],
      [legacy, legacyAfter],
    ] as const) {
      const lie = { index: 0, hash: UInt256.ZERO, prevHash: UInt256.ZERO };
      const by: HeaderTrust = { previous: foreign(previous, lie) };
      expect(outcome(() => verify(foreign(header, lie), by, onNetwork(undefined)))).toBeUndefined();
      const cut = foreign({ dialect: header.dialect, raw: header.raw.subarray(0, 99) }, lie);
      expect(outcome(() => verify(cut, by, onNetwork(undefined)))).toMatch(/^decode /);
    }
  });

  it('that breaks a rule is named with its index', () => {
    const error = new HeaderVerificationError(7, 'timestamp', 'its time 5 is not after 6');
    expect(error.message).toBe('header 7: its time 5 is not after 6 (timestamp)');
    expect(error).toMatchObject({ code: 'NEO_PEER_HEADER_VERIFICATION', index: 7, rule: 'timestamp' });
    expect(() => verify(n3After, { previous: n3After }, onNetwork(undefined))).toThrow(
      expect.objectContaining({ index: 2, rule: 'index' }),
    );
  });
});
