import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { ChainFile } from '../../src/node/chain-file.js';
import { ChainFileWriter } from '../../src/node/chain-file-writer.js';
import { TestFolder } from '../support/folder.js';
import { loadChain } from '../support/vectors.js';

let folder: TestFolder;
let file: string;

beforeEach(async () => {
  folder = await TestFolder.create();
  file = folder.file('a.chain');
});

afterEach(() => folder.remove());

describe('ChainFileWriter', () => {
  it.each(['legacy', 'n3'] as const)('writes the %s chain that is shipped, byte for byte', async (dialect) => {
    const path = `src/node/chains/${dialect}-local.chain`;
    const writer = await ChainFileWriter.create(file);
    const blocks = loadChain(path);
    for (const block of blocks) await writer.append(block);
    const { blocks: count, bytes } = await writer.finish();
    const written = await readFile(file);
    expect(written.equals(await readFile(path))).toBe(true);
    expect({ count, bytes }).toEqual({ count: blocks.length, bytes: written.length });
  });

  it('writes a file of no blocks', async () => {
    const writer = await ChainFileWriter.create(file);
    expect(await writer.finish()).toEqual({ blocks: 0, bytes: 4 });
    expect((await ChainFile.open(file, 'n3')).length).toBe(0);
  });

  it('leaves a file that is there as it is until it is finished, and then replaces it', async () => {
    await writeFile(file, 'precious');
    const writer = await ChainFileWriter.create(file);
    await writer.append(Buffer.from('block'));
    expect(await readFile(file, 'utf8')).toBe('precious');
    await writer.finish();
    await writer.discard();
    expect(await readFile(file)).toHaveLength(4 + 4 + 5);
    expect(await readdir(folder.path)).toEqual(['a.chain']);
  });

  it('leaves nothing when it is discarded, once or twice', async () => {
    const writer = await ChainFileWriter.create(file);
    await writer.append(Buffer.from('block'));
    await writer.discard();
    await writer.discard();
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('refuses a folder, a device, and a place in no folder', async () => {
    await mkdir(file);
    const device = folder.file('device');
    await symlink('/dev/null', device);
    for (const place of [file, device, folder.file('nowhere/a.chain')]) {
      await expect(ChainFileWriter.create(place)).rejects.toMatchObject({ code: 'NEO_PEER_CHAIN_FILE', file: place });
    }
    expect((await readdir(folder.path)).toSorted()).toEqual(['a.chain', 'device']);
  });

  it('fails where its folder goes away, and names the file', async () => {
    const place = folder.file('b');
    await mkdir(place);
    const writer = await ChainFileWriter.create(`${place}/a.chain`);
    await rm(place, { recursive: true });
    await expect(writer.finish()).rejects.toMatchObject({ file: `${place}/a.chain`, offset: 0 });
    await writer.discard();
  });
});
