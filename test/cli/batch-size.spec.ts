import { describe, expect, it } from '@jest/globals';
import { BatchSize } from '../../src/cli/batch-size.js';
import type { View } from '../../src/wire/common/view.js';

function blocks(...sizes: number[]): View[] {
  return sizes.map((length) => ({ raw: { length } }) as unknown as View);
}

describe('BatchSize', () => {
  it.each([
    [500, 50],
    [20, 20],
  ])('begins small, where %i are allowed', (most, first) => {
    expect(new BatchSize(most).next).toBe(first);
  });

  it.each([
    ['small blocks', blocks(400, 700), 500],
    ['nothing', [], 500],
    ['one large block among small ones', blocks(400, 2_097_152), 4],
    ['a block larger than a batch should be', blocks(33_554_432), 1],
  ])('learns from %s', (_name, came, next) => {
    const size = new BatchSize(500);
    size.learn(came);
    expect(size.next).toBe(next);
  });
});
