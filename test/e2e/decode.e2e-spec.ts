import { describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { readFileSync } from 'node:fs';
import { dialectOf } from '../../src/wire/messages.js';
import { checksum } from '../../src/wire/primitives/hashing.js';
import { CapturedStream, cli, CliRun } from '../support/cli.js';
import { N3_KIT } from '../support/dialect-kit.js';
import { bytes, loadN3Vectors } from '../support/vectors.js';

interface FrameVector {
  readonly name: string;
  readonly command: string;
  readonly magic: number;
  readonly payloadLength: number;
  readonly checksum: string;
  readonly hex: string;
}

const frames = JSON.parse(
  readFileSync(new URL('../vectors/legacy/frames.json', import.meta.url), 'utf8'),
) as readonly FrameVector[];

function frame(command: string): FrameVector {
  return frames.find((vector) => vector.command === command)!;
}

/** The arguments to decode that vector's frame with. */
function argv({ magic }: Pick<FrameVector, 'magic'>, ...more: string[]): string[] {
  return ['decode', '--network', 'legacy-privnet', '--magic', String(magic), ...more];
}

/** Trailing bytes of the recorded frames: real nodes send none. */
const NO_TRAILING_BYTES = 0;

describe('neo-peer decode', () => {
  it.each(frames.map((vector) => [vector.name, vector] as const))('prints the frame "%s"', async (_name, vector) => {
    const { code, stdout, stderr } = await cli(argv(vector, '-'), { stdin: vector.hex });
    expect(stderr.text).toBe('');
    expect(code).toBe(0);
    expect(stdout.objects).toEqual([
      {
        dialect: 'legacy',
        magic: vector.magic,
        command: dialectOf('legacy').commandOf(vector.command) ?? vector.command,
        flags: 0,
        size: 24 + vector.payloadLength,
        checksum: vector.checksum,
        payload: expect.any(Object),
        trailingBytes: NO_TRAILING_BYTES,
      },
    ]);
  });

  it('prints the fields of a version, 64-bit numbers as decimal strings', async () => {
    const { stdout } = await cli(argv(frames[0]!, frames[0]!.hex));
    expect(stdout.objects[0]).toMatchObject({ command: 'version', payload: { userAgent: '/NEO-GO/', services: '1' } });
  });

  it('calls a transaction by its common name', async () => {
    const { stdout } = await cli(argv(frame('tx'), frame('tx').hex));
    expect(stdout.objects[0]).toMatchObject({ command: 'transaction' });
  });

  it('prints a line a frame, with white space and 0x in the text, cut anywhere', async () => {
    const { magic, hex } = frame('verack');
    const text = `0x${hex.slice(0, 7)} ${hex.slice(7)}\n${hex}\n`;
    const { code, stdout } = await cli(argv({ magic }, '-'), { stdin: Readable.from(text.split(/(?<=.)/s)) });
    expect(code).toBe(0);
    expect(stdout.objects.map(({ command }) => command)).toEqual(['verack', 'verack']);
  });

  it('counts bytes after a payload', async () => {
    const dialect = dialectOf('legacy');
    const ping = Buffer.from(dialect.encode(dialect.ping(1, 2000, 3), 7));
    const longer = encodeFrame('ping', Buffer.concat([ping.subarray(24), Buffer.from('abcd', 'hex')]), 7);
    const { stdout } = await cli(argv({ magic: 7 }, longer));
    expect(stdout.objects[0]).toMatchObject({ command: 'ping', trailingBytes: 2, payload: { nonce: 3 } });
  });

  it('prints a command that is not known with its payload as hex', async () => {
    const { code, stdout } = await cli(argv({ magic: 7 }, encodeFrame('address', Buffer.from('beef', 'hex'), 7)));
    expect(code).toBe(0);
    expect(stdout.objects[0]).toMatchObject({ command: 'address', payload: 'beef', trailingBytes: 0 });
  });

  it.each(['tx', 'transaction'])('prints a payload alone, named %s', async (name) => {
    const { hex } = frame('tx');
    const { code, stdout } = await cli(argv({ magic: 0 }, '--payload', name, hex.slice(48)));
    expect(code).toBe(0);
    const whole = await cli(argv(frame('tx'), hex));
    expect(stdout.objects).toEqual([whole.stdout.objects[0]!['payload']]);
  });

  it.each([
    ['a frame that ends early', ['-'], (hex: string) => hex.slice(0, -2), 'truncated'],
    ['a frame header that ends early', ['-'], (hex: string) => hex.slice(0, 20), 'truncated'],
    ['no bytes', ['-'], () => '', 'truncated'],
    ['half a byte', ['-'], () => '0', 'truncated'],
    ['what is no hex', ['-'], () => 'zz', 'value'],
    ['another checksum', ['-'], (hex: string) => `${hex.slice(0, 40)}00000000${hex.slice(48)}`, 'checksum'],
    ['another magic', ['-'], (hex: string) => `00${hex.slice(2)}`, 'magic'],
    ['a payload that ends early', ['--payload', 'version', '-'], (hex: string) => hex.slice(48, -2), 'truncated'],
    [
      'a payload with something behind it',
      ['--payload', 'version', '-'],
      (hex: string) => `${hex.slice(48)}00`,
      'trailing',
    ],
  ] as const)('fails on %s', async (_name, more, change, problem) => {
    const vector = frames[0]!;
    const { code, stdout, stderr } = await cli(argv(vector, '--json', ...more), { stdin: change(vector.hex) });
    expect(code).toBe(1);
    expect(stdout.text).toBe('');
    expect(stderr.objects).toEqual([{ error: expect.objectContaining({ code: 'NEO_PEER_DECODE', problem }) }]);
  });

  it.each(['41', '4'])('prints the frames before one that ends with %s', async (rest) => {
    const { magic, hex } = frame('verack');
    const { code, stdout } = await cli(argv({ magic }, '-'), { stdin: `${hex}${rest}` });
    expect(code).toBe(1);
    expect(stdout.objects).toHaveLength(1);
  });

  it('ends without a fuss on Ctrl-C while it waits for input', async () => {
    const stdin = new Readable({ read: () => undefined });
    const run = new CliRun(argv({ magic: 7 }, '-'), { stdin });
    run.interrupt();
    expect(await run.exit).toBe(0);
    expect(run.stderr.text).toBe('');
    expect(run.listeners).toBe(0);
  });

  it('ends without a fuss when nobody reads its output any more', async () => {
    const { magic, hex } = frame('verack');
    const stdout = new CapturedStream();
    const stdin = new Readable({ read: () => undefined });
    stdin.push(hex);
    const run = new CliRun(argv({ magic }, '-'), { stdin, stdout });
    await stdout.until((text) => text.endsWith('\n'));
    stdout.destroy(Object.assign(new Error('EPIPE'), { code: 'EPIPE' }));
    stdin.push(hex);
    expect(await run.exit).toBe(0);
    expect(run.stderr.text).toBe('');
  });
});

/** What a vector of N3's `frames.json` says of its frame. */
interface N3Frame {
  readonly flags: number;
  readonly commandName: string;
  readonly payloadRawLength: number;
  /** Left out where there is none. */
  readonly payload?: object;
}

const n3Frames = loadN3Vectors<N3Frame>('frames.json');

describe('neo-peer decode, N3', () => {
  it.each(n3Frames.map((vector) => [vector.name, vector] as const))('prints the frame "%s"', async (_name, vector) => {
    const { code, stdout, stderr } = await cli(['decode', '-'], { stdin: vector.hex });
    expect(stderr.text).toBe('');
    expect(code).toBe(0);
    expect(stdout.objects).toEqual([
      {
        dialect: 'n3',
        magic: null,
        command: vector.expected.commandName,
        flags: vector.expected.flags,
        size: vector.hex.length / 2,
        checksum: null,
        payload: expect.objectContaining(vector.expected.payload ?? {}),
        trailingBytes: 0,
      },
    ]);
  });

  it('prints a version of whatever network', async () => {
    const { hex, network } = n3Frames[0]!;
    for (const more of [[], ['--network', 'n3-testnet'], ['--magic', '7']]) {
      const { code, stdout } = await cli(['decode', ...more, hex]);
      expect(code).toBe(0);
      expect(stdout.objects[0]).toMatchObject({ command: 'version', payload: { network } });
    }
  });

  it('prints a payload that came compressed as what it was, and its flags as they came', async () => {
    const vector = n3Frames.find(({ payloadHex }) => payloadHex !== undefined)!;
    const whole = await cli(['decode', vector.hex]);
    const payload = await cli(['decode', '--payload', vector.expected.commandName, vector.payloadHex!]);
    expect(whole.stdout.objects[0]).toMatchObject({ flags: 1, size: vector.hex.length / 2 });
    expect(payload.code).toBe(0);
    expect(payload.stdout.objects).toEqual([whole.stdout.objects[0]!['payload']]);
  });

  it('prints a command that is not known by its number, with its payload as hex', async () => {
    const { code, stdout } = await cli(['decode', '06 7f 02 beef']);
    expect(code).toBe(0);
    expect(stdout.objects).toEqual([
      {
        dialect: 'n3',
        magic: null,
        command: '0x7f',
        flags: 6,
        size: 5,
        checksum: null,
        payload: 'beef',
        trailingBytes: 0,
      },
    ]);
  });

  it('prints a line a frame, cut anywhere', async () => {
    const text = n3Frames.map(({ hex }) => hex).join('');
    const { code, stdout } = await cli(['decode', '-'], { stdin: Readable.from(text.match(/.{1,1001}/g)!) });
    expect(code).toBe(0);
    expect(stdout.objects.map(({ command }) => command)).toEqual(n3Frames.map(({ expected }) => expected.commandName));
  });

  it('counts bytes after a payload', async () => {
    const ping = n3Frames.find(({ expected }) => expected.commandName === 'ping');
    const payload = Buffer.concat([bytes(ping!.hex).subarray(3), bytes('abcd')]);
    const { stdout } = await cli(['decode', N3_KIT.frame('ping', payload).toString('hex')]);
    expect(stdout.objects[0]).toMatchObject({ command: 'ping', trailingBytes: 2 });
  });

  it('refuses what is no command of N3, and says which there are', async () => {
    const { code, stderr } = await cli(['decode', '--payload', 'getroots', '00']);
    expect(code).toBe(2);
    expect(stderr.lines).toEqual([expect.stringMatching(/^error: NEO_PEER_USAGE: .*getblockbyindex/)]);
  });

  it.each([
    ['a frame that ends early', '002902', 'truncated'],
    ['a payload that breaks its layout', '001805beefbeef00', 'truncated'],
    ['a length that no frame may have', '002cfeffffff7f', 'limit'],
    ['what no compressor made', '012c0410000000', 'truncated'],
  ])('fails on %s', async (_name, hex, problem) => {
    const { code, stdout, stderr } = await cli(['decode', '--json', '-'], { stdin: hex });
    expect(code).toBe(1);
    expect(stdout.text).toBe('');
    expect(stderr.objects).toEqual([{ error: expect.objectContaining({ code: 'NEO_PEER_DECODE', problem }) }]);
  });
});

/** A whole frame of any command, as hex. */
function encodeFrame(command: string, payload: Buffer, magic: number): string {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(magic);
  header.write(command, 4);
  header.writeUInt32LE(payload.length, 16);
  header.writeUInt32LE(checksum(payload), 20);
  return Buffer.concat([header, payload]).toString('hex');
}
