import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyedToken, keyedWords } from './keyed-tokens.ts';
import { stems } from './stems.ts';

const key = createSecretKey(Buffer.alloc(32, 7));
const audience = '3f0c2f9e-8c7d-4b52-9d5a-3a8a8a0b7a11';
const word = fc.stringMatching(/^[a-z]{3,12}$/);

test('a token is the first 8 bytes of HMAC-SHA-256 over audience and stem, signed', () => {
  const digest = createHmac('sha256', key).update(`${audience}run`).digest();
  expect(keyedToken(key, audience, 'run')).toBe(
    BigInt.asIntN(64, BigInt(`0x${digest.toString('hex', 0, 8)}`)),
  );
});

test('a token fits into a bigint column', () => {
  fc.assert(
    fc.property(fc.string(), (stem) => {
      const token = keyedToken(key, audience, stem);
      expect(BigInt.asIntN(64, token)).toBe(token);
    }),
  );
});

test('words of one stem have one token, within one audience and under one key alone', () => {
  const token = keyedToken(key, audience, 'run');
  expect(keyedWords(key, audience, 'running Runs RUN', 'en')).toEqual({
    tokens: [token],
    counts: [3],
    length: 3,
  });
  expect(keyedToken(key, '9b2b8f57-7d09-4f8f-8c53-6a3c6a0f1b22', 'run')).not.toBe(token);
  expect(keyedToken(createSecretKey(randomBytes(32)), audience, 'run')).not.toBe(token);
});

test('counts stand beside their tokens and add up to the length', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 40 }), fc.constantFrom('en', 'de', 'xx'), (words, language) => {
      const { tokens, counts, length } = keyedWords(key, audience, words.join(' '), language);
      const expected = stems(words.join(' '), language);
      expect(length).toBe(expected.length);
      expect(counts).toHaveLength(tokens.length);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(length);
      for (const stem of expected) {
        const at = tokens.indexOf(keyedToken(key, audience, stem));
        expect(counts[at]).toBe(expected.filter((each) => each === stem).length);
      }
    }),
  );
});

test('a text without words has no tokens', () => {
  expect(keyedWords(key, audience, ' … !? ', 'en')).toEqual({ tokens: [], counts: [], length: 0 });
});
