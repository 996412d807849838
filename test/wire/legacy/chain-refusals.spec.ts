import { describe, expect, it } from '@jest/globals';
import { AttributeUsage } from '../../../src/wire/legacy/attribute.js';
import { legacyDialect } from '../../../src/wire/legacy/dialect.js';
import type { LegacyCommand } from '../../../src/wire/legacy/payloads.js';
import { AssetType, StateType } from '../../../src/wire/legacy/transaction-data.js';
import { TransactionType } from '../../../src/wire/legacy/transaction-type.js';
import { refusalOf, type Refusal } from '../../support/decode-failure.js';
import { bytes } from '../../support/vectors.js';

/** A field, or an array of structures of which each takes at least `min` bytes. */
type Piece = readonly [field: string, hex: string] | ArrayPiece;

interface ArrayPiece {
  readonly array: string;
  /** What errors call an item, if not array[i]. */
  readonly item?: string;
  readonly min: number;
  readonly items: readonly (readonly Piece[])[];
}

interface Anatomy {
  readonly name: string;
  readonly command: LegacyCommand;
  readonly pieces: readonly Piece[];
}

const H = '11'.repeat(32);
const KEY = `02${'33'.repeat(32)}`;
const UTILITY = 'e72d286979ee6cb1b7e65dfddfb2e384100b8d148e7758de42e4168b71792c60';
const ACCOUNT = '22'.repeat(20);
const ONE = '0100000000000000';
const INPUT = `${H}0100`;
const OUTPUT = `${UTILITY}${ONE}${ACCOUNT}`;

const WITNESS = [
  ['invocation', '020102'],
  ['verification', `fd0001${'51'.repeat(256)}`],
] as const satisfies Piece[];
const SINGLE_WITNESS = [
  ['witnessCount', '01'],
  ...WITNESS.map(([field, hex]) => [`witness.${field}`, hex] as const),
] satisfies Piece[];

const HEADER = [
  ['version', '00000000'],
  ['prevHash', H],
  ['merkleRoot', H],
  ['timestamp', '01000000'],
  ['index', '02000000'],
  ['consensusData', '0300000000000000'],
  ['nextConsensus', ACCOUNT],
  ...SINGLE_WITNESS,
] satisfies Piece[];

/** Every form of attribute there is. */
const ATTRIBUTES: ArrayPiece = {
  array: 'attributes',
  min: 2,
  items: [
    [
      ['usage', '00'],
      ['data', H],
    ],
    [
      ['usage', '03'],
      ['data', H],
    ],
    [
      ['usage', '20'],
      ['data', ACCOUNT],
    ],
    [
      ['usage', '81'],
      ['data', '0401020304'],
    ],
    [
      ['usage', '90'],
      ['data', '0401020304'],
    ],
    [
      ['usage', 'f0'],
      ['data', `fd0001${'61'.repeat(256)}`],
    ],
  ],
};

const STATE: ArrayPiece = {
  array: 'descriptors',
  min: 4,
  items: [
    [
      ['type', '40'],
      ['key', `14${ACCOUNT}`],
      ['field', '05566f746573'],
      ['value', '020000'],
    ],
    [
      ['type', '48'],
      ['key', `21${KEY}`],
      ['field', '0a52656769737465726564'],
      ['value', '0101'],
    ],
  ],
};

const TEXTS = [
  ['name', '0161'],
  ['codeVersion', '0162'],
  ['author', '0163'],
  ['email', '0164'],
  ['description', `fd0001${'65'.repeat(256)}`],
] satisfies Piece[];

/** Version and data of each type. */
const DATA: readonly (readonly [name: string, type: string, version: string, data: readonly Piece[]])[] = [
  ['Miner', '00', '00', [['nonce', '01020304']]],
  ['Issue', '01', '01', []],
  ['Claim', '02', '00', [['claims', `02${INPUT}${INPUT}`]]],
  ['Enrollment', '20', '00', [['publicKey', KEY]]],
  [
    'Register',
    '40',
    '00',
    [
      ['assetType', '60'],
      ['name', '03616263'],
      ['amount', 'ffffffffffffffff'],
      ['precision', '08'],
      ['owner', KEY],
      ['admin', ACCOUNT],
    ],
  ],
  ['Contract', '80', '00', []],
  ['State', '90', '00', [STATE]],
  ['Publish of version 0', 'd0', '00', [['script', '0151'], ['parameterList', '0100'], ['returnType', 'ff'], ...TEXTS]],
  [
    'Publish of version 1',
    'd0',
    '01',
    [['script', '0151'], ['parameterList', '0100'], ['returnType', 'ff'], ['needStorage', '01'], ...TEXTS],
  ],
  ['Invocation of version 0', 'd1', '00', [['script', '03515152']]],
  [
    'Invocation of version 1',
    'd1',
    '01',
    [
      ['script', '03515152'],
      ['gas', ONE],
    ],
  ],
];

function transaction(type: string, version: string, data: readonly Piece[]): readonly Piece[] {
  return [
    ['type', type],
    ['version', version],
    ...data,
    ATTRIBUTES,
    ['inputs', type === '00' ? '00' : `01${INPUT}`],
    ['outputs', `02${OUTPUT}${OUTPUT}`],
    { array: 'witnesses', min: 2, items: [WITNESS, WITNESS] },
  ];
}

const anatomies: readonly Anatomy[] = [
  ...DATA.map(([name, type, version, data]) => ({
    name: `the layout of a transaction (${name})`,
    command: 'transaction' as const,
    pieces: transaction(type, version, data),
  })),
  {
    name: 'the layout of headers',
    command: 'headers',
    pieces: [
      { array: 'headers', min: 108, items: Array.from({ length: 2 }, () => [...HEADER, ['transactionCount', '00']]) },
    ],
  },
  {
    name: 'the layout of a block',
    command: 'block',
    pieces: [
      ...HEADER,
      {
        array: 'transactions',
        min: 6,
        items: [transaction('00', '00', [['nonce', '01020304']]), transaction('80', '00', [])],
      },
    ],
  },
  {
    name: 'the layout of a merkleblock',
    command: 'merkleblock',
    pieces: [...HEADER, ['transactionCount', '09'], ['hashes', `03${H}${H}${H}`], ['flags', '02ff01']],
  },
  {
    name: 'the layout of a consensus payload',
    command: 'consensus',
    pieces: [
      ['version', '00000000'],
      ['prevHash', H],
      ['blockIndex', '01000000'],
      ['validatorIndex', '0200'],
      ['timestamp', '00000000'],
      ['data', `fd0001${'61'.repeat(256)}`],
      ...SINGLE_WITNESS,
    ],
  },
  {
    name: 'the layout of a state root',
    command: 'stateroot',
    pieces: [
      ['version', '00'],
      ['index', '01000000'],
      ['prevHash', H],
      ['root', H],
      { array: 'witnesses', item: 'witness', min: 2, items: [WITNESS] },
    ],
  },
];

function isArray(piece: Piece): piece is ArrayPiece {
  return 'array' in piece;
}

function hexOf(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => (isArray(piece) ? hexOfCount(piece) + piece.items.map(hexOf).join('') : piece[1]))
    .join('');
}

function hexOfCount({ items }: ArrayPiece): string {
  return items.length.toString(16).padStart(2, '0');
}

/** In which field a cut falls, and where that field begins; undefined if it falls behind all of them. */
function fieldAt(pieces: readonly Piece[], cut: number, base: number): { field: string; offset: number } | undefined {
  let offset = base;
  for (const piece of pieces) {
    const end = offset + hexOf([piece]).length / 2;
    if (cut < end) return isArray(piece) ? itemAt(piece, cut, offset) : { field: piece[0], offset };
    offset = end;
  }
  return undefined;
}

/** A count that the rest can't hold is refused at once; else the cut falls into an item. */
function itemAt(
  { array, item: name, min, items }: ArrayPiece,
  cut: number,
  base: number,
): { field: string; offset: number } {
  let offset = base + 1;
  if (cut < offset + items.length * min) return { field: array, offset: base };
  for (const [i, item] of items.entries()) {
    const found = fieldAt(item, cut, offset);
    if (found !== undefined) return { field: `${name ?? `${array}[${i}]`}.${found.field}`, offset: found.offset };
    offset += hexOf(item).length / 2;
  }
  throw new RangeError(`nothing of ${array} is cut off at ${cut}`);
}

describe.each(anatomies)('$name', ({ command, pieces }) => {
  const whole = bytes(hexOf(pieces));

  it('is taken whole, with more behind it', () => {
    const { raw } = legacyDialect.decodePayload(command, Buffer.concat([whole, bytes('ff')]));
    expect(Buffer.from(raw).equals(whole)).toBe(true);
  });

  it('is refused when it ends before any of its bytes, naming the field that is cut', () => {
    const cuts = Array.from({ length: whole.length }, (_, cut) => cut);
    const found = cuts.map((cut) => refusalOf(() => legacyDialect.decodePayload(command, whole.subarray(0, cut))));
    const expected = cuts.map((cut): Refusal => ({ command, ...fieldAt(pieces, cut, 0)!, problem: 'truncated' }));
    expect(found).toEqual(expected);
  });
});

const HEADER_HEX = hexOf(HEADER);
const UNSIGNED = HEADER_HEX.slice(0, 208);
const SHORT_HEADER = `${UNSIGNED}010000`;
const STATE_ROOT = `0001000000${H}${H}`;
const CONSENSUS = `00000000${H}0100000002000000000000`.slice(0, 92);

/** A transaction of that type, of empty arrays where none are given. */
function tx(start: string, { attributes = '00', inputs = '00', outputs = '00', witnesses = '00' } = {}): string {
  return start + attributes + inputs + outputs + witnesses;
}

function text(size: number): string {
  const length = size < 0xfd ? hexByte(size) : size <= 0xffff ? `fd${swap(size, 2)}` : `fe${swap(size, 4)}`;
  return length + '61'.repeat(size);
}

function swap(value: number, size: number): string {
  const buffer = Buffer.alloc(size);
  buffer.writeUIntLE(value, 0, size);
  return buffer.toString('hex');
}

function hexByte(value: number): string {
  return value.toString(16).padStart(2, '0');
}

function bytesBut(...defined: readonly number[]): string[] {
  const known = new Set(defined);
  return Array.from({ length: 256 }, (_, i) => i)
    .filter((i) => !known.has(i))
    .map(hexByte);
}

function register(name: string, { assetType = '60', owner = KEY } = {}): string {
  return tx(`4000${assetType}${name}${ONE}08${owner}${ACCOUNT}`);
}

function state(...descriptors: readonly string[]): string {
  return tx(`9000${hexByte(descriptors.length)}${descriptors.join('')}`);
}

function publish(parts: {
  [K in 'script' | 'parameters' | 'storage' | 'name' | 'code' | 'author' | 'email' | 'description']?: string;
}): string {
  const {
    script = '0151',
    parameters = '00',
    storage,
    name = '00',
    code = '00',
    author = '00',
    email = '00',
    description = '00',
  } = parts;
  const version = storage === undefined ? '00' : '01';
  return tx(`d0${version}${script}${parameters}ff${storage ?? ''}${name}${code}${author}${email}${description}`);
}

const CONTRACT = tx('8000');
const MINER = tx('000001020304');
const REGISTERED = `4821${KEY}0a526567697374657265640101`;

type Rule = readonly [name: string, command: LegacyCommand, hex: string, field: string, offset: number];

/** What no protocol defines, or contradicts itself. */
const undefinedValues: readonly Rule[] = [
  ...bytesBut(...Object.values(TransactionType)).map((type): Rule => [
    `type ${type}`,
    'transaction',
    tx(`${type}00`),
    'type',
    0,
  ]),
  ...bytesBut(...Object.values(AttributeUsage)).map((usage): Rule => [
    `usage ${usage}`,
    'transaction',
    tx('8000', { attributes: `01${usage}${'20'.repeat(33)}` }),
    'attributes[0].usage',
    3,
  ]),
  ...bytesBut(...Object.values(AssetType)).map((assetType): Rule => [
    `asset type ${assetType}`,
    'transaction',
    register('00', { assetType }),
    'assetType',
    2,
  ]),
  ...bytesBut(...Object.values(StateType)).map((type): Rule => [
    `state ${type}`,
    'transaction',
    state(type + REGISTERED.slice(2)),
    'descriptors[0].type',
    3,
  ]),
  ...bytesBut(0, 2, 3).flatMap((prefix): Rule[] => [
    [`point ${prefix}`, 'transaction', tx(`2000${prefix}${'33'.repeat(64)}`), 'publicKey', 2],
    [`owner ${prefix}`, 'transaction', register('00', { owner: prefix + '33'.repeat(64) }), 'owner', 13],
  ]),
  ...['00', '02', '20', '40', '80'].map((type): Rule => [
    `version 1 of type ${type}`,
    'transaction',
    `${type}01${'00'.repeat(99)}`,
    'version',
    1,
  ]),
  ...['01', 'd0', 'd1'].map((type): Rule => [
    `version 2 of type ${type}`,
    'transaction',
    `${type}02${'00'.repeat(99)}`,
    'version',
    1,
  ]),
  ['a Claim of nothing', 'transaction', tx('020000'), 'claims', 2],
  ['an Invocation of nothing', 'transaction', tx('d10000'), 'script', 2],
  ['negative gas', 'transaction', tx('d1010151ffffffffffffffff'), 'gas', 4],
  ['the least gas there is', 'transaction', tx('d10101510000000000000080'), 'gas', 4],
  ...['60', '08', '90', '98'].map((assetType): Rule => [
    `${assetType} without owner`,
    'transaction',
    register('00', { assetType, owner: '00' }),
    'owner',
    13,
  ]),
  ['a Votes key of 19 bytes', 'transaction', state(`4013${ACCOUNT.slice(2)}05566f74657300`), 'descriptors[0].key', 4],
  ['a Votes key of 33 bytes', 'transaction', state(`4021${KEY}05566f74657300`), 'descriptors[0].key', 4],
  [
    'a Registered key of 20 bytes',
    'transaction',
    state(`4814${ACCOUNT}0a526567697374657265640101`),
    'descriptors[0].key',
    4,
  ],
  ['Votes of a validator', 'transaction', state(REGISTERED, `4821${KEY}05566f74657300`), 'descriptors[1].field', 86],
  ['votes in small letters', 'transaction', state(`4014${ACCOUNT}05766f74657300`), 'descriptors[0].field', 25],
  ['needs storage: 2', 'transaction', publish({ storage: '02' }), 'needStorage', 6],
  ['a Miner that spends', 'transaction', tx('000001020304', { inputs: `01${INPUT}` }), 'inputs', 7],
  [
    'a Miner that pays something else',
    'transaction',
    tx('000001020304', { outputs: `02${OUTPUT}${H}${ONE}${ACCOUNT}` }),
    'outputs[1].assetId',
    69,
  ],
  [
    'an output of 0',
    'transaction',
    tx('8000', { outputs: `02${OUTPUT}${H}${'00'.repeat(8)}${ACCOUNT}` }),
    'outputs[1].value',
    97,
  ],
  [
    'an output of -1',
    'transaction',
    tx('8000', { outputs: `01${H}${'ff'.repeat(8)}${ACCOUNT}` }),
    'outputs[0].value',
    37,
  ],
  ['no transactions', 'block', `${SHORT_HEADER}00`, 'transactions', 107],
  ['no Miner', 'block', `${SHORT_HEADER}01${CONTRACT}`, 'transactions[0].type', 108],
  ['an undefined transaction', 'block', `${SHORT_HEADER}02${MINER}${tx('ff00')}`, 'transactions[1].type', 118],
  ['two Miners', 'block', `${SHORT_HEADER}02${MINER}${MINER}`, 'transactions[1].type', 118],
  ...['00', '02', 'ff'].flatMap((count): Rule[] => [
    [`${count} witnesses`, 'block', `${UNSIGNED}${count}${'00'.repeat(99)}`, 'witnessCount', 104],
    [`${count} witnesses`, 'headers', `01${UNSIGNED}${count}${'00'.repeat(99)}`, 'headers[0].witnessCount', 105],
    [`${count} witnesses`, 'merkleblock', `${UNSIGNED}${count}${'00'.repeat(99)}`, 'witnessCount', 104],
    [`${count} witnesses`, 'consensus', `${CONSENSUS}00${count}${'00'.repeat(99)}`, 'witnessCount', 47],
  ]),
  ...['01', 'ff'].map((count): Rule => [
    `a second header followed by ${count}`,
    'headers',
    `02${SHORT_HEADER}00${SHORT_HEADER}${count}`,
    'headers[1].transactionCount',
    216,
  ]),
  ['no transactions', 'merkleblock', `${SHORT_HEADER}000000`, 'transactionCount', 107],
  ['fewer flags than transactions', 'merkleblock', `${SHORT_HEADER}0901${H}01ff`, 'flags', 141],
];

/** The largest that is allowed, one more, and where that is refused. */
const limits: readonly (readonly [
  name: string,
  command: LegacyCommand,
  largest: string,
  oneMore: string,
  field: string,
  offset: number,
])[] = [
  ...['invocation', 'verification'].flatMap((field, i) => {
    const witness = (size: number) => `${'00'.repeat(i)}${text(size)}${'00'.repeat(1 - i)}`;
    const most = witness(65_536);
    const more = witness(65_537);
    return [
      [
        field,
        'headers',
        `01${UNSIGNED}01${most}00`,
        `01${UNSIGNED}01${more}00`,
        `headers[0].witness.${field}`,
        106 + i,
      ],
      [field, 'block', `${UNSIGNED}01${most}01${MINER}`, `${UNSIGNED}01${more}01${MINER}`, `witness.${field}`, 105 + i],
      [field, 'consensus', `${CONSENSUS}0001${most}`, `${CONSENSUS}0001${more}`, `witness.${field}`, 48 + i],
      [field, 'stateroot', `${STATE_ROOT}01${most}`, `${STATE_ROOT}01${more}`, `witness.${field}`, 70 + i],
      [
        field,
        'transaction',
        tx('8000', { witnesses: `01${most}` }),
        tx('8000', { witnesses: `01${more}` }),
        `witnesses[0].${field}`,
        6 + i,
      ],
    ] as const;
  }),
  [
    'headers',
    'headers',
    `fdd007${`${SHORT_HEADER}00`.repeat(2000)}`,
    `fdd107${`${SHORT_HEADER}00`.repeat(2001)}`,
    'headers',
    0,
  ],
  [
    'attributes',
    'transaction',
    tx('8000', { attributes: `10${'8100'.repeat(16)}` }),
    tx('8000', { attributes: `11${'8100'.repeat(17)}` }),
    'attributes',
    2,
  ],
  ...['90', 'f0', 'ff'].map(
    (usage) =>
      [
        `data of usage ${usage}`,
        'transaction',
        tx('8000', { attributes: `01${usage}${text(65_535)}` }),
        tx('8000', { attributes: `01${usage}${text(65_536)}` }),
        'attributes[0].data',
        4,
      ] as const,
  ),
  [
    'outputs',
    'transaction',
    tx('8000', { outputs: `fe00000100${OUTPUT.repeat(65_536)}` }),
    tx('8000', { outputs: `fe01000100${OUTPUT.repeat(65_537)}` }),
    'outputs',
    4,
  ],
  ['the name of an asset', 'transaction', register(text(1024)), register(text(1025)), 'name', 3],
  [
    'state descriptors',
    'transaction',
    state(...Array.from({ length: 16 }, () => REGISTERED)),
    state(...Array.from({ length: 17 }, () => REGISTERED)),
    'descriptors',
    2,
  ],
  [
    'the value of a state',
    'transaction',
    state(`4014${ACCOUNT}05566f746573${text(65_535)}`),
    state(`4014${ACCOUNT}05566f746573${text(65_536)}`),
    'descriptors[0].value',
    31,
  ],
  [
    'a published script',
    'transaction',
    publish({ script: text(65_535) }),
    publish({ script: text(65_536) }),
    'script',
    2,
  ],
  [
    'parameter types',
    'transaction',
    publish({ parameters: text(65_535) }),
    publish({ parameters: text(65_536) }),
    'parameterList',
    4,
  ],
  ['a published name', 'transaction', publish({ name: text(252) }), publish({ name: text(253) }), 'name', 6],
  ['a code version', 'transaction', publish({ code: text(252) }), publish({ code: text(253) }), 'codeVersion', 7],
  ['an author', 'transaction', publish({ author: text(252) }), publish({ author: text(253) }), 'author', 8],
  ['an e-mail address', 'transaction', publish({ email: text(252) }), publish({ email: text(253) }), 'email', 9],
  [
    'a description',
    'transaction',
    publish({ description: text(65_536) }),
    publish({ description: text(65_537) }),
    'description',
    10,
  ],
  ['an invoked script', 'transaction', tx(`d100${text(65_536)}`), tx(`d100${text(65_537)}`), 'script', 2],
  [
    'witnesses of a transaction',
    'transaction',
    tx('8000', { witnesses: `fe00000100${'0000'.repeat(65_536)}` }),
    tx('8000', { witnesses: `fe01000100${'0000'.repeat(65_537)}` }),
    'witnesses',
    5,
  ],
  ['witnesses of a state root', 'stateroot', `${STATE_ROOT}010000`, `${STATE_ROOT}0200000000`, 'witnesses', 69],
  [
    'transactions of a merkleblock',
    'merkleblock',
    `${SHORT_HEADER}fe0000010000${text(8192)}`,
    `${SHORT_HEADER}fe0100010000${text(8193)}`,
    'transactionCount',
    107,
  ],
  [
    'hashes for 3 transactions',
    'merkleblock',
    `${SHORT_HEADER}0304${H.repeat(4)}0100`,
    `${SHORT_HEADER}0305${H.repeat(5)}0100`,
    'hashes',
    108,
  ],
  [
    'hashes for 1 transaction',
    'merkleblock',
    `${SHORT_HEADER}0101${H}0100`,
    `${SHORT_HEADER}0102${H}${H}0100`,
    'hashes',
    108,
  ],
  ['flags for 8 transactions', 'merkleblock', `${SHORT_HEADER}08000100`, `${SHORT_HEADER}0800020000`, 'flags', 109],
];

/** What would overflow a count, a product or a sum if it were believed. */
const absurd: readonly (readonly [name: string, command: LegacyCommand, hex: string, field: string, offset: number])[] =
  [
    ['inputs', 'transaction', '800000ffffffffffffffffff', 'inputs', 3],
    ['claims', 'transaction', '0200fe01000001', 'claims', 2],
    ['witnesses', 'transaction', '8000000000fe01000001', 'witnesses', 5],
    ['a script', 'transaction', 'd100ffffffffffffff1f00', 'script', 2],
    ['transactions', 'block', `${SHORT_HEADER}ff0000000000000080`, 'transactions', 107],
    ['data', 'consensus', `${CONSENSUS}fe01000002`, 'data', 46],
  ];

const long = (count: number) => `fd${swap(count, 2)}`;

/** The same number in more bytes than it needs, where a hash covers it. */
const nonMinimal: readonly Rule[] = [
  ['attributes', 'transaction', tx('8000', { attributes: long(0) }), 'attributes', 2],
  ['attributes in 5 bytes', 'transaction', tx('8000', { attributes: 'fe00000000' }), 'attributes', 2],
  ['attributes in 9 bytes', 'transaction', tx('8000', { attributes: 'ff0000000000000000' }), 'attributes', 2],
  ['data of a Description', 'transaction', tx('8000', { attributes: `0190${long(1)}61` }), 'attributes[0].data', 4],
  [
    'data of a Remark',
    'transaction',
    tx('8000', { attributes: `01f0fe0001000061${'61'.repeat(255)}` }),
    'attributes[0].data',
    4,
  ],
  ['inputs', 'transaction', tx('8000', { inputs: `${long(1)}${INPUT}` }), 'inputs', 3],
  ['outputs', 'transaction', tx('8000', { outputs: `${long(1)}${OUTPUT}` }), 'outputs', 4],
  ['claims', 'transaction', tx(`0200${long(1)}${INPUT}`), 'claims', 2],
  ['an invoked script', 'transaction', tx(`d100${long(1)}51`), 'script', 2],
  ['the name of an asset', 'transaction', register(`${long(1)}61`), 'name', 3],
  ['descriptors', 'transaction', tx(`9000${long(1)}${REGISTERED}`), 'descriptors', 2],
  [
    'the key of a state',
    'transaction',
    state(`4814`.slice(0, 2) + `${long(33)}${KEY}0a526567697374657265640101`),
    'descriptors[0].key',
    4,
  ],
  ['the field of a state', 'transaction', state(`4014${ACCOUNT}${long(5)}566f74657300`), 'descriptors[0].field', 25],
  ['the value of a state', 'transaction', state(`4014${ACCOUNT}05566f746573${long(0)}`), 'descriptors[0].value', 31],
  ['a published script', 'transaction', publish({ script: `${long(1)}51` }), 'script', 2],
  ['parameter types', 'transaction', publish({ parameters: long(0) }), 'parameterList', 4],
  ['a published name', 'transaction', publish({ name: long(0) }), 'name', 6],
  ['a code version', 'transaction', publish({ code: long(0) }), 'codeVersion', 7],
  ['an author', 'transaction', publish({ author: long(0) }), 'author', 8],
  ['an e-mail address', 'transaction', publish({ email: long(0) }), 'email', 9],
  ['a description', 'transaction', publish({ description: long(0) }), 'description', 10],
  ['data', 'consensus', `${CONSENSUS}${long(0)}010000`, 'data', 46],
];

/** The same where no hash covers it. */
const unhashed: readonly (readonly [name: string, command: LegacyCommand, hex: string])[] = [
  ['headers', 'headers', `${long(1)}${SHORT_HEADER}00`],
  ['scripts of a header', 'headers', `01${UNSIGNED}01${long(1)}510000`],
  ['transactions', 'block', `${SHORT_HEADER}${long(1)}${MINER}`],
  ['witnesses of a transaction', 'transaction', tx('8000', { witnesses: `${long(1)}${long(1)}51${long(0)}` })],
  ['scripts of a consensus payload', 'consensus', `${CONSENSUS}0001${long(0)}${long(1)}51`],
  ['witnesses of a state root', 'stateroot', `${STATE_ROOT}${long(1)}${long(0)}${long(0)}`],
  ['everything in a merkleblock', 'merkleblock', `${SHORT_HEADER}${long(1)}${long(1)}${H}${long(1)}00`],
];

describe('what hangs on the chain', () => {
  it.each(undefinedValues)('is refused with an undefined value: %s in %s', (_name, command, hex, field, offset) => {
    expect(refusalOf(() => legacyDialect.decodePayload(command, bytes(hex)))).toEqual({
      command,
      field,
      offset,
      problem: 'value',
    });
  });

  it.each(limits)(
    'is taken up to the limit and refused over it: %s of %s',
    (_name, command, most, more, field, offset) => {
      const { raw } = legacyDialect.decodePayload(command, bytes(most));
      expect(raw).toHaveLength(most.length / 2);
      expect(refusalOf(() => legacyDialect.decodePayload(command, bytes(more)))).toEqual({
        command,
        field,
        offset,
        problem: 'limit',
      });
    },
  );

  it.each(absurd)(
    'is refused before anything is made of an absurd length: %s of %s',
    (_name, command, hex, field, offset) => {
      expect(refusalOf(() => legacyDialect.decodePayload(command, bytes(hex)))).toEqual({
        command,
        field,
        offset,
        problem: 'limit',
      });
    },
  );

  it.each(nonMinimal)(
    'is refused with a longer form of a varint that is hashed: %s of %s',
    (_name, command, hex, field, offset) => {
      expect(refusalOf(() => legacyDialect.decodePayload(command, bytes(hex)))).toEqual({
        command,
        field,
        offset,
        problem: 'value',
      });
    },
  );

  it.each(unhashed)('is taken with a longer form of a varint that is not hashed: %s of %s', (_name, command, hex) => {
    const payload = legacyDialect.decodePayload(command, bytes(hex));
    expect(payload.raw).toHaveLength(hex.length / 2);
    expect(payload.detach().toJSON()).toEqual(payload.toJSON());
  });

  it('is taken with nobody as owner of the system tokens, and as enrolled key', () => {
    for (const hex of [
      register('00', { assetType: '00', owner: '00' }),
      register('00', { assetType: '01', owner: '00' }),
      tx('200000'),
    ]) {
      expect(legacyDialect.decodePayload('transaction', bytes(hex)).raw).toHaveLength(hex.length / 2);
    }
  });

  it('is taken with any version of a State', () => {
    const hex = state(REGISTERED).replace(/^9000/, '90ff');
    expect(legacyDialect.decodePayload('transaction', bytes(hex)).toJSON()).toMatchObject({ version: 255 });
  });
});
