import { describe, expect, it } from '@jest/globals';
import { n3Dialect } from '../../../src/wire/n3/dialect.js';
import type { N3Command } from '../../../src/wire/n3/payloads.js';
import { refusalOf, type Refusal } from '../../support/decode-failure.js';
import { decodeN3, rawN3 } from '../../support/n3-decoding.js';
import { n3Frame, n3Literals } from '../../support/n3-frames.js';
import { bytes } from '../../support/vectors.js';

function refusal(command: string, field: string, offset: number, problem: Refusal['problem']): Refusal {
  return { command, field, offset, problem };
}

/** The bytes of a version up to its user agent. */
const VERSION_HEAD = '2a000000000000000000000001000000';
const HASH = '00'.repeat(32);

describe('a payload is refused', () => {
  it.each<[string, N3Command, string, Refusal]>([
    [
      'user agent over 1024 bytes',
      'version',
      `${VERSION_HEAD}fd0104${'61'.repeat(1025)}00`,
      refusal('version', 'userAgent', 16, 'limit'),
    ],
    [
      'version without capabilities',
      'version',
      `${VERSION_HEAD}00`,
      refusal('version', 'capabilities', 17, 'truncated'),
    ],
    ['version that is empty', 'version', '', refusal('version', 'magic', 0, 'truncated')],
    ['ping that is empty', 'ping', '', refusal('ping', 'lastBlockIndex', 0, 'truncated')],
    ['pong that ends early', 'pong', '0000000000000000', refusal('pong', 'nonce', 8, 'truncated')],
    ['inv of 501 hashes', 'inv', `2cfdf501${HASH.repeat(501)}`, refusal('inv', 'hashes', 1, 'limit')],
    ['notfound of 501 hashes', 'notfound', `2cfdf501${HASH.repeat(501)}`, refusal('notfound', 'hashes', 1, 'limit')],
    ['inv with a hash missing', 'inv', `2c02${HASH}`, refusal('inv', 'hashes', 1, 'truncated')],
    ['getdata of a Legacy type', 'getdata', `0101${HASH}`, refusal('getdata', 'type', 0, 'value')],
    ['getheaders count 2001', 'getheaders', '00000000d107', refusal('getheaders', 'count', 4, 'limit')],
    ['getheaders count -32768', 'getheaders', '000000000080', refusal('getheaders', 'count', 4, 'value')],
    ['getheaders that is empty', 'getheaders', '', refusal('getheaders', 'indexStart', 0, 'truncated')],
    ['getblocks without count', 'getblocks', HASH, refusal('getblocks', 'count', 32, 'truncated')],
    ['addr that ends early', 'addr', '0100000000', refusal('addr', 'addresses', 0, 'truncated')],
    [
      'addr with a capability twice',
      'addr',
      `01${'00'.repeat(20)}02011600011600`,
      refusal('addr', 'addresses[0].capabilities[1].type', 25, 'value'),
    ],
    [
      'filter over 36000 bytes',
      'filterload',
      `fda18c${'00'.repeat(36_001)}`,
      refusal('filterload', 'filter', 0, 'limit'),
    ],
    ['filter of 51 functions', 'filterload', '01003300000000', refusal('filterload', 'k', 2, 'limit')],
    ['element over 520 bytes', 'filteradd', `fd0902${'00'.repeat(521)}`, refusal('filteradd', 'data', 0, 'limit')],
  ])('%s', (_name, command, hex, expected) => {
    expect(refusalOf(() => decodeN3([n3Frame(command, bytes(hex))]))).toEqual(expected);
  });
});

function bad(payload: Uint8Array): () => unknown {
  return () => rawN3([n3Frame('reject', payload, { flags: 1 })]);
}

/** A frame whose payload claims to become so many bytes. */
function claiming(size: number): Buffer {
  return n3Frame('reject', n3Literals(new Uint8Array(5), size), { flags: 1 });
}

describe('a compressed payload is refused', () => {
  const value = refusal('frame', 'payload', 3, 'value');
  const truncated = refusal('frame', 'payload', 3, 'truncated');

  it.each<[string, string, Refusal]>([
    ['of a size alone', '00000000', truncated],
    ['of 3 bytes', '000000', truncated],
    ['whose size is 1 too many', '020000001061', value],
    ['whose size is 1 too few', '000000001061', value],
    ['with literals that end early', '050000005061', value],
    ['with a long length that ends early', '0f000000f0', value],
    ['with a longer length that ends early', '0e010000f0ff', value],
    ['with match offset 0', '06000000106100001062', value],
    ['with a match from before its beginning', '06000000106102001062', value],
    ['with a match offset that ends early', '05000000106101', value],
    ['with a long match length that ends early', '140000001f610100', value],
    ['that ends right after a match', '0500000010610100', value],
    ['with bytes after its last sequence', '01000000106100', value],
  ])('%s', (_name, hex, expected) => {
    expect(refusalOf(bad(bytes(hex)))).toEqual(expected);
  });

  it('that becomes more than the caller allows, and more is never allowed than a payload may have', () => {
    const limit = refusal('frame', 'payload', 3, 'limit');
    const decoder = n3Dialect.createFrameDecoder({ magic: 0, maxFrameSize: 100 });
    expect(refusalOf(() => [...decoder.pushRaw(claiming(101))])).toEqual(limit);
    const open = n3Dialect.createFrameDecoder({ magic: 0, maxFrameSize: 0xffffffff });
    expect(refusalOf(() => [...open.pushRaw(claiming(0x02000001))])).toEqual(limit);
  });

  it('before memory is taken for what it only claims', () => {
    const claimed = n3Literals(new Uint8Array(20), 0x02000000);
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().external;
    for (let i = 0; i < 20; i++) expect(refusalOf(bad(claimed))).toEqual(value);
    const after = process.memoryUsage().arrayBuffers + process.memoryUsage().external;
    expect(after - before).toBeLessThan(0x02000000);
  });
});

describe('a compressed payload is taken', () => {
  it.each([
    ['with a match that overlaps its own output', '06000000106101001062', '616161616162'],
    ['with a last sequence of nothing', '050000001061010000', '6161616161'],
    ['whose last token names a match that never comes', '010000001f61', '61'],
    ['of no bytes', '0000000000', ''],
  ])('%s', (_name, hex, plain) => {
    const [frame] = rawN3([n3Frame('reject', bytes(hex), { flags: 1 })]);
    expect(Buffer.from(frame!.payload).toString('hex')).toBe(plain);
  });

  it('whatever the other flags are, of a command that is known or not', () => {
    const payload = n3Literals(bytes('010203'));
    for (const command of ['alert', 0x77] as const) {
      const [message] = decodeN3([n3Frame(command, payload, { flags: 0xff })]);
      const data = message!.command === 'unknown' ? message.payload : message!.payload.raw;
      expect(Buffer.from(data).toString('hex')).toBe('010203');
    }
    expect(decodeN3([n3Frame('getaddr', bytes(''), { flags: 0xff })])).toMatchObject([{ command: 'getaddr' }]);
    expect(decodeN3([n3Frame('alert', bytes('010203'), { flags: 0xfe })])).toMatchObject([
      { payload: { data: bytes('010203') } },
    ]);
  });
});
