import { describe, expect, it } from 'vitest';
import { mean, ndcgAt, recallAt, reciprocalRank, score } from './metrics.ts';

const gold = new Set(['a', 'b', 'c', 'd']);

describe('recallAt', () => {
  it('counts the relevant among the first k', () => {
    expect(recallAt(5, ['a', 'x', 'b', 'y', 'z', 'c'], gold)).toBe(2 / 4);
    expect(recallAt(10, ['a', 'x', 'b', 'y', 'z', 'c'], gold)).toBe(3 / 4);
  });

  it('is 0 when nothing was found', () => {
    expect(recallAt(5, [], gold)).toBe(0);
  });

  it('refuses a query without relevant documents', () => {
    expect(() => recallAt(5, ['a'], new Set())).toThrow(RangeError);
  });
});

describe('ndcgAt', () => {
  it('is 1 when the relevant come first, in any order', () => {
    expect(ndcgAt(10, ['b', 'a'], new Set(['a', 'b']))).toBe(1);
  });

  it('equals the value computed by hand', () => {
    // Ranks 2 and 4 of two relevant: (1/log2(3) + 1/log2(5)) / (1/log2(2) + 1/log2(3)) = 1.061606 / 1.630930
    expect(ndcgAt(10, ['x', 'a', 'y', 'b'], new Set(['a', 'b']))).toBeCloseTo(0.650921, 5);
  });

  it('takes the ideal over k documents when more are relevant', () => {
    expect(ndcgAt(2, ['a', 'b', 'x'], gold)).toBe(1);
  });

  it('ignores what stands after k', () => {
    expect(ndcgAt(2, ['x', 'y', 'a'], gold)).toBe(0);
  });
});

describe('reciprocalRank', () => {
  it('is one over the first relevant rank', () => {
    expect(reciprocalRank(['x', 'y', 'c', 'a'], gold)).toBe(1 / 3);
    expect(reciprocalRank(['x'], gold)).toBe(0);
  });
});

describe('mean', () => {
  it('averages each metric over the queries', () => {
    const all = [score(['a'], new Set(['a'])), score(['x', 'a'], new Set(['a', 'b']))];
    const averaged = mean(all);
    expect(averaged['recall@5']).toBe(0.75);
    expect(averaged.mrr).toBe(0.75);
  });
});
