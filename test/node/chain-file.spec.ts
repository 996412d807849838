import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ChainFile } from '../../src/node/chain-file.js';
import { UInt256 } from '../../src/wire/primitives/uint256.js';

/** The shipped files: how many blocks, and where a header has its number of witnesses. */
const FILES = [
  { dialect: 'legacy', length: 6000, witnessCountAt: 104 },
  { dialect: 'n3', length: 50, witnessCountAt: 109 },
] as const;

let folder: string;
let recorded: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chain-file-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** A file with these bytes. */
async function write(bytes: Uint8Array): Promise<string> {
  const file = join(folder, 'damaged.chain');
  await writeFile(file, bytes);
  return file;
}

/** The first `count` blocks of the recording, as a file of its own. */
function firstBlocks(count: number): Buffer {
  let end = 4;
  for (let i = 0; i < count; i++) end += 4 + recorded.readUInt32LE(end);
  const bytes = Buffer.from(recorded.subarray(0, end));
  bytes.writeUInt32LE(count);
  return bytes;
}

describe.each(FILES)('ChainFile of $dialect', ({ dialect, length, witnessCountAt }) => {
  const shipped = fileURLToPath(new URL(`../../src/node/chains/${dialect}-local.chain`, import.meta.url));

  beforeAll(async () => {
    recorded = await readFile(shipped);
  });

  it('finds every recorded block by place and by hash', async () => {
    const chain = await ChainFile.open(shipped, dialect);
    expect(chain.length).toBe(length);
    for (const place of [0, 1, length / 2, length - 1]) {
      const block = chain.at(place);
      expect(block.index).toBe(place + 1);
      expect(chain.placeOf(block.hash)).toBe(place);
      expect(chain.hashes.at(place).equals(block.hash)).toBe(true);
      expect(Buffer.compare(chain.bytesAt(place), block.raw)).toBe(0);
    }
    expect(chain.placeOf(UInt256.ZERO)).toBeUndefined();
  });

  it.each([-1, length, 0.5])('has no block at %p', async (place) => {
    const chain = await ChainFile.open(shipped, dialect);
    expect(() => chain.at(place)).toThrow(RangeError);
  });

  it('says which file can not be read', async () => {
    await expect(ChainFile.open(join(folder, 'none'), dialect)).rejects.toMatchObject({
      code: 'NEO_PEER_CHAIN_FILE',
      file: join(folder, 'none'),
      offset: 0,
    });
  });

  it('takes a file without blocks', async () => {
    const chain = await ChainFile.open(await write(Buffer.alloc(4)), dialect);
    expect(chain.length).toBe(0);
    expect(chain.hashes.length).toBe(0);
  });

  it('refuses a file that ends anywhere but at its end, naming the place', async () => {
    const whole = firstBlocks(2);
    const second = 8 + whole.readUInt32LE(4);
    for (let size = 0; size < whole.length; size++) {
      const offset = size < 12 ? 0 : size < second ? 4 : second;
      await expect(ChainFile.open(await write(whole.subarray(0, size)), dialect)).rejects.toMatchObject({
        code: 'NEO_PEER_CHAIN_FILE',
        offset,
      });
    }
  });

  it('refuses bytes after the last block', async () => {
    const whole = firstBlocks(1);
    await expect(ChainFile.open(await write(Buffer.concat([whole, Buffer.alloc(1)])), dialect)).rejects.toMatchObject({
      offset: whole.length,
    });
  });

  it('does not allocate for a count that can not be true', async () => {
    const whole = firstBlocks(1);
    whole.writeUInt32LE(0xffffffff);
    await expect(ChainFile.open(await write(whole), dialect)).rejects.toMatchObject({ offset: 0 });
  });

  it('refuses a block that is none when it is asked for, with the error of the decoder', async () => {
    const whole = firstBlocks(2);
    whole[8 + witnessCountAt] = 2;
    const chain = await ChainFile.open(await write(whole), dialect);
    expect(chain.at(1).index).toBe(2);
    expect(() => chain.at(0)).toThrow(
      expect.objectContaining({
        code: 'NEO_PEER_CHAIN_FILE',
        cause: expect.objectContaining({ code: 'NEO_PEER_DECODE' }),
      }),
    );
  });

  it('refuses a block with something behind it', async () => {
    const block = firstBlocks(1);
    const longer = Buffer.concat([block, Buffer.alloc(3)]);
    longer.writeUInt32LE(block.length - 8 + 3, 4);
    const chain = await ChainFile.open(await write(longer), dialect);
    expect(() => chain.at(0)).toThrow(expect.objectContaining({ code: 'NEO_PEER_CHAIN_FILE', offset: block.length }));
  });

  it('refuses a block that stands there twice', async () => {
    const block = firstBlocks(1).subarray(4);
    const count = Buffer.alloc(4);
    count.writeUInt32LE(2);
    const chain = await ChainFile.open(await write(Buffer.concat([count, block, block])), dialect);
    expect(() => chain.hashes).toThrow(
      expect.objectContaining({ code: 'NEO_PEER_CHAIN_FILE', offset: 8 + block.length }),
    );
  });
});
