import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { hexBytes } from '../../src/cli/hex-input.js';

async function read(pieces: Iterable<string>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of hexBytes(pieces)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('hex');
}

describe('hexBytes', () => {
  it.each([
    [['00ff'], '00ff'],
    [['0x00FF'], '00ff'],
    [['0', 'x', '0', '0ff'], '00ff'],
    [['  00\n f', 'f\t'], '00ff'],
    [[], ''],
    [[' \n'], ''],
  ])('reads %j', async (pieces, hex) => {
    expect(await read(pieces)).toBe(hex);
  });

  it.each([
    [['00zz'], 'value', 2],
    [['00', '0x11'], 'value', 3],
    [['000'], 'truncated', 2],
    [['0'], 'truncated', 0],
    [['g'], 'value', 0],
  ])('refuses %j', async (pieces, problem, offset) => {
    await expect(read(pieces)).rejects.toMatchObject({ code: 'NEO_PEER_DECODE', command: 'hex', problem, offset });
  });

  it('reads any bytes cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), fc.array(fc.nat(128)), async (bytes, cuts) => {
        const hex = Buffer.from(bytes).toString('hex');
        const at = [0, ...cuts.toSorted((a, b) => a - b), hex.length];
        const pieces = at.slice(1).map((end, i) => hex.slice(at[i], end));
        expect(await read(pieces)).toBe(hex);
      }),
    );
  });
});
