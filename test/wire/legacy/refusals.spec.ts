import { describe, expect, it } from '@jest/globals';
import {
  AddrPayload,
  FilterAddPayload,
  FilterLoadPayload,
  HashRangePayload,
  InventoryPayload,
  RootsPayload,
  StateRoot,
  VersionPayload,
} from '../../../src/wire/legacy/index.js';
import { legacyDialect } from '../../../src/wire/legacy/dialect.js';
import { MAX_PAYLOAD_SIZE } from '../../../src/wire/legacy/limits.js';
import type { LegacyCommand } from '../../../src/wire/legacy/payloads.js';
import { BloomFilter } from '../../../src/wire/primitives/bloom-filter.js';
import { HashList } from '../../../src/wire/primitives/hash-list.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { decodeAll, PRIVNET, rawFrame } from '../../support/frames.js';
import { refusalOf, type Refusal } from '../../support/decode-failure.js';
import { bytes } from '../../support/vectors.js';

/** A payload in pieces: each piece is a field, and a cut inside it is a fault of that field. */
interface Anatomy {
  readonly command: LegacyCommand;
  readonly fields: readonly (readonly [field: string, hex: string])[];
}

const H = '11'.repeat(32);
const ENTRY = `${'00'.repeat(28)}4e4c`;
const STATE_ROOT: Anatomy['fields'] = [
  ['version', '00'],
  ['index', '01000000'],
  ['prevHash', H],
  ['root', H],
];

/** Arrays of fixed-size items are one field: what is missing is found when the count is read. */
const anatomies: readonly Anatomy[] = [
  {
    command: 'version',
    fields: [
      ['version', '00000000'],
      ['services', '0100000000000000'],
      ['timestamp', '01000000'],
      ['port', '5d28'],
      ['nonce', '01000000'],
      ['userAgent', `fd0001${'61'.repeat(256)}`],
      ['startHeight', '01000000'],
      ['relay', '01'],
    ],
  },
  { command: 'addr', fields: [['addresses', `02${ENTRY}${ENTRY}`]] },
  {
    command: 'getheaders',
    fields: [
      ['hashStart', `02${H}${H}`],
      ['hashStop', H],
    ],
  },
  {
    command: 'getblocks',
    fields: [
      ['hashStart', `01${H}`],
      ['hashStop', H],
    ],
  },
  {
    command: 'inv',
    fields: [
      ['type', '02'],
      ['hashes', `fd0300${H}${H}${H}`],
    ],
  },
  {
    command: 'getdata',
    fields: [
      ['type', 'e0'],
      ['hashes', `01${H}`],
    ],
  },
  ...(['ping', 'pong'] as const).map((command) => ({
    command,
    fields: [
      ['lastBlockIndex', '01000000'],
      ['timestamp', '02000000'],
      ['nonce', '03000000'],
    ] as const,
  })),
  {
    command: 'filterload',
    fields: [
      ['filter', '040a0444ca'],
      ['k', '03'],
      ['tweak', '02000000'],
    ],
  },
  { command: 'filteradd', fields: [['data', '04deadbeef']] },
  {
    command: 'getroots',
    fields: [
      ['startIndex', '01000000'],
      ['count', '02000000'],
    ],
  },
];

/** Where a cut falls: in which field, and where that field begins. */
function fieldAt({ fields }: Anatomy, cut: number): { field: string; offset: number } {
  let offset = 0;
  for (const [field, hex] of fields) {
    const end = offset + hex.length / 2;
    if (cut < end) return { field, offset };
    offset = end;
  }
  throw new RangeError(`nothing is cut off at ${cut}`);
}

describe.each(anatomies)('$command', (anatomy) => {
  const { command, fields } = anatomy;
  const whole = bytes(fields.map(([, hex]) => hex).join(''));
  const wireName = command;

  it('is taken whole, with more behind it', () => {
    expect(decodeAll([rawFrame(wireName, whole)])[0]).toMatchObject({ command });
    expect(legacyDialect.decodePayload(command, Buffer.concat([whole, bytes('ff')])).raw).toHaveLength(whole.length);
  });

  it('is refused when it ends before any of its bytes, naming the field that is cut', () => {
    const cuts = Array.from({ length: whole.length }, (_, cut) => cut);
    const found = cuts.map((cut) => refusalOf(() => decodeAll([rawFrame(wireName, whole.subarray(0, cut))])));
    const expected = cuts.map((cut): Refusal => ({ command, ...fieldAt(anatomy, cut), problem: 'truncated' }));
    expect(found).toEqual(expected);
  });
});

describe('roots', () => {
  const whole = bytes(['01', ...STATE_ROOT.map(([, hex]) => hex), '01', '0151', '0152'].join(''));
  const refusalOfCut = (cut: number) => refusalOf(() => legacyDialect.decodePayload('roots', whole.subarray(0, cut)));

  it('is refused when it ends before any of its bytes, naming the item', () => {
    expect(legacyDialect.decodePayload('roots', whole).raw).toHaveLength(whole.length);
    const cuts = Array.from({ length: whole.length }, (_, cut) => cut);
    const found = cuts.map(refusalOfCut);
    expect(found.every(({ command, problem }) => command === 'roots' && problem === 'truncated')).toBe(true);
    expect(found[0]).toMatchObject({ field: 'roots', offset: 0 });
    expect(found[70]).toMatchObject({ field: 'roots', offset: 0 }); // one state root can't be shorter than 70 bytes
    expect(found[71]).toMatchObject({ field: 'roots[0].witnesses', offset: 70 });
    expect(found[74]).toMatchObject({ field: 'roots[0].witness.verification', offset: 73 });
  });
});

/** What breaks a rule other than by ending too early. */
const broken: readonly (readonly [
  name: string,
  command: LegacyCommand,
  hex: string,
  refusal: Omit<Refusal, 'command'>,
])[] = [
  ...['00', '04', '7f', 'e1', 'ff'].flatMap((type) => [
    [`type ${type}`, 'inv', `${type}00`, { field: 'type', offset: 0, problem: 'value' }] as const,
    [`type ${type}`, 'getdata', `${type}01${H}`, { field: 'type', offset: 0, problem: 'value' }] as const,
  ]),
  ['65,537 hashes', 'inv', `02fe01000100${H.repeat(65_537)}`, { field: 'hashes', offset: 1, problem: 'limit' }],
  ['a count that no frame holds', 'getdata', '01ffffffffffffffffff', { field: 'hashes', offset: 1, problem: 'limit' }],
  ['no start', 'getheaders', `00${H}`, { field: 'hashStart', offset: 0, problem: 'value' }],
  ['no start', 'getblocks', `00${H}`, { field: 'hashStart', offset: 0, problem: 'value' }],
  ['17 starts', 'getheaders', `11${H.repeat(18)}`, { field: 'hashStart', offset: 0, problem: 'limit' }],
  ['17 starts', 'getblocks', `11${H.repeat(18)}`, { field: 'hashStart', offset: 0, problem: 'limit' }],
  [
    'a user agent of 1025 bytes',
    'version',
    `${'00'.repeat(22)}fd0104${'61'.repeat(1025)}0000000001`,
    { field: 'userAgent', offset: 22, problem: 'limit' },
  ],
  [
    'a filter of 36,001 bytes',
    'filterload',
    `fda18c${'00'.repeat(36_001)}0100000000`,
    { field: 'filter', offset: 0, problem: 'limit' },
  ],
  ['51 hash functions', 'filterload', '01003300000000', { field: 'k', offset: 2, problem: 'limit' }],
  ['an element of 521 bytes', 'filteradd', `fd0902${'00'.repeat(521)}`, { field: 'data', offset: 0, problem: 'limit' }],
  ['2001 roots', 'roots', `fdd107${'00'.repeat(70 * 2001)}`, { field: 'roots', offset: 0, problem: 'limit' }],
  ['addresses that no frame holds', 'addr', 'ff0000000001000000', { field: 'addresses', offset: 0, problem: 'limit' }],
];

/** The largest that is allowed of each, which must be taken. */
const largest: readonly (readonly [name: string, command: LegacyCommand, hex: string])[] = [
  ['65,536 hashes', 'inv', `02fe00000100${H.repeat(65_536)}`],
  ['16 starts', 'getblocks', `10${H.repeat(17)}`],
  ['a user agent of 1024 bytes', 'version', `${'00'.repeat(22)}fd0004${'61'.repeat(1024)}0000000001`],
  ['a filter of 36,000 bytes', 'filterload', `fda08c${'00'.repeat(36_000)}0100000000`],
  ['50 hash functions', 'filterload', '01003200000000'],
  ['an element of 520 bytes', 'filteradd', `fd0802${'00'.repeat(520)}`],
  ['2000 roots', 'roots', `fdd007${'00'.repeat(70 * 2000)}`],
  ...['01', '02', '03', 'e0'].map((type) => [`type ${type}`, 'inv', `${type}00`] as const),
];

describe('rules of payloads', () => {
  it.each(broken)('refuse %s in %s', (_name, command, hex, refusal) => {
    expect(refusalOf(() => legacyDialect.decodePayload(command, bytes(hex)))).toEqual({ command, ...refusal });
  });

  it.each(largest)('take %s in %s', (_name, command, hex) => {
    expect(legacyDialect.decodePayload(command, bytes(hex)).raw).toHaveLength(hex.length / 2);
  });

  it.each([
    ['inv', '02fd0100', H],
    ['addr', 'fe01000000', ENTRY],
    ['filteradd', 'fd0100', '00'],
  ] as const)('take a longer form of a varint in %s, which nothing hashes', (command, varint, rest) => {
    const raw = bytes(varint + rest);
    expect(legacyDialect.decodePayload(command, raw).raw).toHaveLength(raw.length);
  });
});

describe('what we send', () => {
  const address = { host: '10.0.0.1', port: 1, timestamp: 0, services: 1n };
  const root = StateRoot.from({ index: 0, prevHash: UInt256.ZERO, root: UInt256.ZERO });

  it.each<[name: string, make: () => unknown, refusal: Refusal]>([
    [
      '201 addresses',
      () => AddrPayload.from({ addresses: Array.from({ length: 201 }, () => address) }),
      { command: 'addr', field: 'addresses', offset: 0, problem: 'limit' },
    ],
    [
      'a host name',
      () => AddrPayload.from({ addresses: [{ ...address, host: 'seed1' }] }),
      { command: 'ipaddress', field: 'text', offset: 0, problem: 'value' },
    ],
    [
      'a user agent of 1025 bytes',
      versionOf('é'.repeat(512) + 'a'),
      { command: 'version', field: 'userAgent', offset: 22, problem: 'limit' },
    ],
    [
      'no start',
      () => HashRangePayload.from({ starts: [] }),
      { command: 'getheaders', field: 'hashStart', offset: 0, problem: 'value' },
    ],
    [
      '17 starts',
      () => HashRangePayload.from({ starts: hashes(17) }),
      { command: 'getheaders', field: 'hashStart', offset: 0, problem: 'limit' },
    ],
    [
      '65,537 hashes',
      () => InventoryPayload.from({ kind: 'block', hashes: hashes(65_537) }),
      { command: 'inv', field: 'hashes', offset: 1, problem: 'limit' },
    ],
    [
      'a filter of 36,001 bytes',
      () => FilterLoadPayload.from(new BloomFilter(new Uint8Array(36_001), 1, 0)),
      { command: 'filterload', field: 'filter', offset: 0, problem: 'limit' },
    ],
    [
      '51 hash functions',
      () => FilterLoadPayload.from(new BloomFilter(new Uint8Array(1), 51, 0)),
      { command: 'filterload', field: 'k', offset: 2, problem: 'limit' },
    ],
    [
      'an element of 521 bytes',
      () => FilterAddPayload.from({ data: new Uint8Array(521) }),
      { command: 'filteradd', field: 'data', offset: 0, problem: 'limit' },
    ],
    [
      '2001 roots',
      () => RootsPayload.from({ roots: Array.from({ length: 2001 }, () => root) }),
      { command: 'roots', field: 'roots', offset: 0, problem: 'limit' },
    ],
  ])('obeys the same rules: %s', (_name, make, refusal) => {
    expect(refusalOf(make)).toEqual(refusal);
  });

  it('is never larger than a frame may be', () => {
    const data = new Uint8Array(MAX_PAYLOAD_SIZE + 1);
    const payload = { raw: data } as Parameters<typeof legacyDialect.encode>[0]['payload'];
    const message = { dialect: 'legacy', command: 'alert', payload } as Parameters<typeof legacyDialect.encode>[0];
    const refusal: Refusal = { command: 'frame', field: 'length', offset: 16, problem: 'limit' };
    expect(refusalOf(() => legacyDialect.encode(message, PRIVNET))).toEqual(refusal);
  });
});

function hashes(count: number): HashList {
  return new HashList(Buffer.alloc(32 * count, 1));
}

function versionOf(userAgent: string): () => VersionPayload {
  const numbers = { version: 0, services: 1n, timestamp: 0, port: 0, nonce: 0, startHeight: 0 };
  return () => VersionPayload.from({ ...numbers, userAgent, relay: true });
}
