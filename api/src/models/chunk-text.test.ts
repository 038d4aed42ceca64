import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chunkText, type ChunkLimits } from './chunk-text.ts';

/** Four characters a token, each word on its own, as WordPiece does. */
const byWord = (text: string) => (text.match(/\S+/gu) ?? []).reduce((n, w) => n + Math.ceil(w.length / 4), 0);
/** Counts white space too, as byte-level tokenizers do, so that parts do not add up to the whole. */
const byByte = (text: string) => Math.ceil(Buffer.byteLength(text) / 3);

const limits = fc.record<ChunkLimits>({
  maxTokens: fc.integer({ min: 4, max: 60 }),
  overlapTokens: fc.integer({ min: 0, max: 3 }),
  countTokens: fc.constantFrom(byWord, byByte),
});
const wideLimits = fc.record<ChunkLimits>({
  maxTokens: fc.integer({ min: 20, max: 300 }),
  overlapTokens: fc.integer({ min: 0, max: 60 }),
  countTokens: fc.constantFrom(byWord, byByte),
});
const word = fc.oneof(
  { weight: 8, arbitrary: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }) },
  { weight: 1, arbitrary: fc.constantFrom('東京。', '終わり！', '🎉🎉', '«mot»', '—') },
);
const gap = fc.constantFrom(' ', ' ', ' ', '. ', '! ', '\n', '\n\n', '\r\n \r\n', '\t', '  ');
const text = fc.array(fc.tuple(word, gap), { maxLength: 200 }).map((pairs) => pairs.flat().join(''));
const property = fc.property(text, fc.oneof(limits, wideLimits), checkChunks);

function checkChunks(whole: string, of: ChunkLimits): void {
  const chunks = chunkText(whole, of);
  let from = 0;
  let covered = 0;
  for (const chunk of chunks) {
    expect(chunk.trim()).toBe(chunk);
    expect(chunk).not.toBe('');
    expect(isOnePoint(chunk) || of.countTokens(chunk) <= of.maxTokens).toBe(true);
    const at = whole.indexOf(chunk, from);
    expect(at).toBeGreaterThanOrEqual(0);
    from = at;
    covered = Math.max(covered, at + chunk.length);
  }
  const words = whole.match(/\S+/gu) ?? [];
  for (const one of words) {
    // A word longer than a chunk is cut; every other stands whole in one of them, unless it holds a border.
    const whole = of.countTokens(one) <= of.maxTokens && !/[。！？]/u.test(one);
    if (whole) expect(chunks.some((chunk) => chunk.includes(one))).toBe(true);
  }
}

const isOnePoint = (chunk: string) => [...chunk].length === 1;

/** All that is not white space, once: each chunk adds what the one before did not hold. */
function withoutOverlaps(whole: string, chunks: readonly string[]): string {
  let result = '';
  let covered = 0;
  let from = 0;
  for (const chunk of chunks) {
    const at = whole.indexOf(chunk, from);
    result += whole.slice(Math.max(covered, at), at + chunk.length);
    covered = at + chunk.length;
    from = at + 1;
  }
  return result.replaceAll(/\s/gu, '');
}

test('chunks are within the limit, not blank, and hold every word', () => {
  fc.assert(property, { numRuns: 500 });
});

test('chunks follow one another and leave nothing out', () => {
  // Numbered words make the place of a chunk in the text unambiguous.
  const numbered = fc
    .array(fc.tuple(fc.string({ unit: 'grapheme-ascii', maxLength: 90 }), gap), { maxLength: 100 })
    .map((pairs) => pairs.map(([one, space], i) => `${i}:${one}${space}`).join(''));
  fc.assert(
    fc.property(numbered, fc.oneof(limits, wideLimits), (whole, of) => {
      expect(withoutOverlaps(whole, chunkText(whole, of))).toBe(whole.replaceAll(/\s/gu, ''));
    }),
    { numRuns: 500 },
  );
});

const TEN: ChunkLimits = { maxTokens: 10, overlapTokens: 3, countTokens: (of) => of.split(/\s+/).length };

test('a text within the limit stays as it is', () => {
  expect(chunkText(' One two.\n\nThree. ', TEN)).toEqual(['One two.\n\nThree.']);
  expect(chunkText('\n\t ', TEN)).toEqual([]);
});

test('paragraphs are kept together before sentences', () => {
  const chunks = chunkText('a b c d.\nE f g.\n\nH i. J k l m n o.', { ...TEN, overlapTokens: 0 });
  expect(chunks).toEqual(['a b c d.\nE f g.', 'H i. J k l m n o.']);
});

test('a cut between sentences repeats the last one when it is short enough', () => {
  const chunks = chunkText('a b c d e f. G h. I j k l m n o p.', TEN);
  expect(chunks).toEqual(['a b c d e f. G h.', 'G h. I j k l m n o p.']);
});

test('a sentence longer than a chunk is cut between words', () => {
  const chunks = chunkText('1 2 3 4 5 6 7 8 9 10 11 12 13 14', TEN);
  expect(chunks).toEqual(['1 2 3 4 5 6 7 8 9 10', '8 9 10 11 12 13 14']);
});

test('a word longer than a chunk is cut between characters', () => {
  const chunks = chunkText('🎉'.repeat(9), { maxTokens: 8, overlapTokens: 0, countTokens: byByte });
  expect(chunks.join('')).toBe('🎉'.repeat(9));
  expect(chunks.every((chunk) => chunk.isWellFormed())).toBe(true);
});
