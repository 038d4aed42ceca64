import { describe, expect, it } from 'vitest';
import { Bm25 } from './bm25.ts';

const index = new Bm25([
  { id: 'b', stems: ['dog', 'sat'] },
  { id: 'a', stems: ['cat', 'sat', 'cat'] },
  { id: 'c', stems: ['fish'] },
]);

describe('Bm25', () => {
  it('scores as computed by hand', () => {
    // N 3, average length 2. cat in a: ln(1 + 2.5/1.5) · 2·2.2 / (2 + 1.2·(0.25 + 0.75·3/2)) = 1.182369510
    expect(index.search(['cat'], 20)).toEqual([{ id: 'a', score: 1.18236951 }]);
    // sat: ln(1 + 1.5/2.5) · 2.2 / (1 + 1.2·(0.25 + 0.75·length/2)), the shorter document first.
    expect(index.search(['sat'], 20)).toEqual([
      { id: 'b', score: 0.470003629 },
      { id: 'a', score: 0.390191692 },
    ]);
  });

  it('adds the contributions of all terms', () => {
    expect(index.search(['cat', 'sat'], 1)).toEqual([{ id: 'a', score: (1182369510 + 390191692) / 1e9 }]);
  });

  it('counts a repeated query term once', () => {
    expect(index.search(['cat', 'cat'], 20)).toEqual(index.search(['cat'], 20));
  });

  it('leaves out documents without any query term', () => {
    expect(index.search(['fish', 'bird'], 20).map((hit) => hit.id)).toEqual(['c']);
    expect(index.search([], 20)).toEqual([]);
  });

  it('breaks ties by id, whatever the order of the documents', () => {
    const twins = new Bm25(['d', 'b', 'c', 'a'].map((id) => ({ id, stems: ['same'] })));
    expect(twins.search(['same'], 3).map((hit) => hit.id)).toEqual(['a', 'b', 'c']);
  });

  it('is empty over no documents', () => {
    expect(new Bm25([]).search(['cat'], 20)).toEqual([]);
  });
});
