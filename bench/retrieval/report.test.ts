import { describe, expect, it } from 'vitest';
import { equalityOf, reportOf } from './report.ts';

const scores = { 'recall@5': 0.5, 'recall@10': 0.75, 'recall@20': 1, 'ndcg@10': 0.61234, mrr: 1 / 3 };

describe('reportOf', () => {
  it('shows each category when there are several', () => {
    const rows = ['all', 'temporal', 'multi_hop'].map((category) => ({
      set: 's',
      variant: 'words',
      category,
      ...scores,
    }));
    expect(reportOf(rows).split('\n')[3]).toMatch(
      /^words\s+temporal\s+0\.500\s+0\.750\s+1\.000\s+0\.612\s+0\.333$/,
    );
  });

  it('shows one line when the only category is all there is', () => {
    const rows = ['all', 'only'].map((category) => ({
      set: 's',
      variant: 'words',
      category,
      ...scores,
    }));
    expect(reportOf(rows).split('\n')).toHaveLength(3);
  });
});

describe('equalityOf', () => {
  it('gives count and share', () => {
    expect(equalityOf('s', 1982, [])).toContain('on 1982 of 1982 queries (100.00 %)');
  });

  it('never rounds up to 100 % and names the queries that differ', () => {
    expect(equalityOf('s', 100_000, ['q7'])).toBe(
      's: words-no-context = bm25-plain on 99999 of 100000 queries (99.99 %); not on: q7',
    );
  });
});
