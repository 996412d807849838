import { describe, expect, it } from '@jest/globals';
import { n3Dialect } from '../../../src/wire/n3/dialect.js';
import { N3_LOCAL } from '../../support/n3-decoding.js';
import { bytes, loadN3Vectors } from '../../support/vectors.js';

describe('the beginning of a frame', () => {
  it.each(loadN3Vectors('incomplete.json'))('$name: waits for more', ({ hex, expected }) => {
    expect(expected).toEqual({ needMoreBytes: true });
    const decoder = n3Dialect.createFrameDecoder({ magic: N3_LOCAL });
    expect([...decoder.push(bytes(hex))]).toEqual([]);
    expect(decoder.buffered).toBe(bytes(hex).length);
  });

  it.each([
    ['0010', '00'],
    ['0010fd', '0000'],
    ['0010fe', '00000000'],
    ['0010ff', '0000000000000000'],
  ])('%s becomes a message with %s', (begin, end) => {
    const decoder = n3Dialect.createFrameDecoder({ magic: N3_LOCAL });
    expect([...decoder.push(bytes(begin))]).toEqual([]);
    expect([...decoder.push(bytes(end))]).toMatchObject([{ command: 'getaddr', size: (begin + end).length / 2 }]);
  });
});
