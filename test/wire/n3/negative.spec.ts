import { describe, expect, it } from '@jest/globals';
import { readCapabilities, readCapability } from '../../../src/wire/n3/capability-codec.js';
import { N3BlockHeader } from '../../../src/wire/n3/block-header.js';
import { N3Block } from '../../../src/wire/n3/block.js';
import { n3Dialect } from '../../../src/wire/n3/dialect.js';
import type { N3Command } from '../../../src/wire/n3/payloads.js';
import { skipSigner } from '../../../src/wire/n3/signer.js';
import { skipCondition } from '../../../src/wire/n3/witness-condition-codec.js';
import { skipRule } from '../../../src/wire/n3/witness-rule.js';
import { ByteReader } from '../../../src/wire/primitives/byte-reader.js';
import { refusalOf, type Refusal } from '../../support/decode-failure.js';
import { decodeN3 } from '../../support/n3-decoding.js';
import { bytes, loadN3Vectors } from '../../support/vectors.js';

/** What must reject each entry of the file: every one has a row here, in the order of the file. */
const ROWS: readonly (readonly [name: string, ...facts: Facts])[] = [
  ['capability list: two ArchivalNode', 'capabilities', 'capabilities[1].type', 3, 'value'],
  ['capability list: two TcpServer', 'capabilities', 'capabilities[1].type', 4, 'value'],
  ['capability list: two WsServer', 'capabilities', 'capabilities[1].type', 4, 'value'],
  ['ArchivalNode with data', 'capability', 'data', 1, 'value'],
  [
    'witness condition And nested too deep',
    'signer',
    `rules[0].condition.${'expressions[0].'.repeat(3)}type`,
    29,
    'limit',
  ],
  [
    'witness condition Or nested too deep',
    'signer',
    `rules[0].condition.${'expressions[0].'.repeat(3)}type`,
    29,
    'limit',
  ],
  ['condition Not(Not(Not(Boolean)))', 'condition', `${'expression.'.repeat(3)}type`, 3, 'limit'],
  ['condition And with no members', 'condition', 'expressions', 1, 'value'],
  ['condition Or with no members', 'condition', 'expressions', 1, 'value'],
  ['witness rule with action 0xff', 'rule', 'action', 0, 'value'],
  ['transaction with two signers of the same account', 'transaction', 'signers[1].account', 47, 'value'],
  ['transaction of zeros without signers', 'transaction', 'signers', 25, 'value'],
  ['transaction with two signers and one witness', 'transaction', 'witnesses', 72, 'value'],
  ['transaction with negative network fee', 'transaction', 'networkFee', 13, 'value'],
  ['transaction with empty script', 'transaction', 'script', 48, 'value'],
  ['transaction without signers', 'transaction', 'signers', 25, 'value'],
  ['header with witness count 0', 'header', 'witnessCount', 109, 'value'],
  ['block with the same transaction twice', 'block', 'transactions[1]', 168, 'value'],
  ['block with wrong merkle root', 'block', 'merkleRoot', 36, 'value'],
  ['getblockbyindex / getheaders count 0', 'getblockbyindex', 'count', 4, 'value'],
  ['getblockbyindex / getheaders count -2', 'getblockbyindex', 'count', 4, 'value'],
  ['getblockbyindex / getheaders count 2001', 'getblockbyindex', 'count', 4, 'limit'],
  ['getblocks count 0', 'getblocks', 'count', 32, 'value'],
  ['getblocks count -2', 'getblocks', 'count', 32, 'value'],
  ['addr with no entries', 'addr', 'addresses', 0, 'value'],
  ['addr with 201 entries', 'addr', 'addresses', 0, 'limit'],
  ['headers with no entries', 'headers', 'headers', 0, 'value'],
  ['inv of type 0xff', 'inv', 'type', 0, 'value'],
  ['version with two TcpServer capabilities', 'version', 'capabilities[1].type', 25, 'value'],
  ['mptdata with no nodes', 'mptdata', 'nodes', 0, 'value'],
  ['mptdata node longer than allowed', 'mptdata', 'nodes[0]', 1, 'limit'],
  ['getmptdata with 33 hashes', 'getmptdata', 'hashes', 0, 'limit'],
  ['extensible with witness count 42', 'extensible', 'witnessCount', 36, 'value'],
  ['merkleblock flags longer than allowed', 'merkleblock', 'flags', 115, 'limit'],
  ['compressed flag on an uncompressed transaction', 'frame', 'payload', 3, 'value'],
  ['compressed payload announcing 0x02000001 bytes', 'frame', 'payload', 3, 'limit'],
  ['compressed payload whose size does not match', 'frame', 'payload', 3, 'value'],
  ['complete frame whose payload ends early (fuzz case)', 'frame', 'payload', 3, 'truncated'],
];

type Facts = readonly [command: string, field: string, offset: number, problem: Refusal['problem']];

/** Found out only by hashing the transactions of a block that decodes: the others are refused before. */
const VERIFIED = new Set(['block with the same transaction twice', 'block with wrong merkle root']);

/** How the parts that are no payload of a command are decoded. */
const PARTS: Readonly<Record<string, (reader: ByteReader) => unknown>> = {
  capabilities: readCapabilities,
  capability: readCapability,
  signer: skipSigner,
  rule: skipRule,
  condition: (reader) => skipCondition(reader),
  header: N3BlockHeader.decode,
};

function decode(scope: string, raw: Uint8Array): unknown {
  if (scope === 'frame') return decodeN3([raw]);
  const part = PARTS[scope];
  return part === undefined ? n3Dialect.decodePayload(scope as N3Command, raw) : part(new ByteReader(raw, scope));
}

describe('negative.json', () => {
  const vectors = loadN3Vectors('negative.json');

  it('has 38 entries, each of which has its row', () => {
    expect(ROWS).toHaveLength(38);
    expect(vectors.map(({ name }) => name)).toEqual(ROWS.map(([name]) => name));
    expect(vectors.map(({ scope }) => scope)).toEqual(ROWS.map(([, command]) => command));
  });

  it.each(ROWS)('is refused: %s', (name, command, field, offset, problem) => {
    const { scope, hex } = vectors.find((vector) => vector.name === name)!;
    const run = VERIFIED.has(name) ? verifyDecoded(bytes(hex)) : () => decode(scope!, bytes(hex));
    expect(refusalOf(run)).toEqual({ command, field, offset, problem });
  });
});

/** The check of a block that must decode for it. */
function verifyDecoded(raw: Uint8Array): () => void {
  const block = N3Block.decode(new ByteReader(raw, 'block'));
  return () => block.verify();
}
