import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { chunkText } from '../chunk-text.ts';
import { testModelDescription } from '../testing/model-cache.ts';
import { LOCAL_CHUNK_TOKENS, localChunkLimits } from './chunk-limits.ts';
import { openTokenizer, type TextTokenizer } from './tokenizer.ts';

let tokenizer: TextTokenizer;

beforeAll(async () => {
  const { tokenizerFile, tokenizerConfigFile } = await testModelDescription();
  tokenizer = await openTokenizer(tokenizerFile, tokenizerConfigFile, 512);
}, 180_000);

test('texts are put between the special tokens of BERT', () => {
  expect(tokenizer.specialTokens).toBe(2);
  expect(tokenizer.encode('Hello, café!')).toEqual([101, 7592, 1010, 7668, 999, 102]);
  expect(tokenizer.count('Hello, café!')).toBe(4);
});

test('a long text is cut and still ends with the separator', () => {
  const ids = tokenizer.encode('word '.repeat(1000));
  expect(ids).toHaveLength(512);
  expect(ids.at(-1)).toBe(102);
});

test('every chunk of any text is within the limit by the real tokenizer', () => {
  const word = fc.oneof(
    fc.lorem({ maxCount: 1 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  );
  const text = fc.array(fc.tuple(word, fc.constantFrom(' ', '. ', '\n', '\n\n')), {
    minLength: 100,
    maxLength: 400,
  });
  const limits = localChunkLimits(tokenizer, 512, '');
  fc.assert(
    fc.property(text, (pairs) => {
      for (const chunk of chunkText(pairs.flat().join(''), limits)) {
        expect(tokenizer.count(chunk)).toBeLessThanOrEqual(LOCAL_CHUNK_TOKENS);
      }
    }),
    { numRuns: 20 },
  );
});

test('a model that reads less gets shorter chunks', () => {
  expect(localChunkLimits(tokenizer, 128, 'passage: ').maxTokens).toBe(128 - 2 - 2);
  expect(() => localChunkLimits(tokenizer, 8, '')).toThrow(/no room/);
});
