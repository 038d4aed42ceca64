import { describe, expect, it } from 'vitest';
import { randomNumbers } from './random.ts';
import { question, text, word } from './texts.ts';

describe('word', () => {
  it('is another one for every rank', () => {
    expect(new Set(Array.from({ length: 20_000 }, (_, rank) => word(rank))).size).toBe(20_000);
  });
});

describe('text', () => {
  it('has common words and rare ones', () => {
    const random = randomNumbers(1);
    const counts = new Map<string, number>();
    for (let index = 0; index < 2_000; index += 1)
      for (const each of new Set(text(random).split(' '))) counts.set(each, (counts.get(each) ?? 0) + 1);
    expect(counts.get(word(0))).toBeGreaterThan(1_000);
    expect([...counts.values()].filter((count) => count === 1).length).toBeGreaterThan(1_000);
  });

  it('is 25 words long, a question 3 to 6', () => {
    const random = randomNumbers(2);
    expect(text(random).split(' ')).toHaveLength(25);
    for (let index = 0; index < 100; index += 1)
      expect(question(random).split(' ').length).toBeGreaterThanOrEqual(3);
  });
});
