import fc from 'fast-check';
import { expect, test } from 'vitest';
import { approximateTokens } from './approximate-tokens.ts';
import { batches } from './batches.ts';

test('every text is sent once, in order, within both limits', () => {
  const texts = fc.array(fc.string({ maxLength: 60 }), { maxLength: 50 });
  fc.assert(
    fc.property(
      texts,
      fc.integer({ min: 1, max: 10 }),
      fc.integer({ min: 1, max: 40 }),
      (all, count, tokens) => {
        const result = batches(all, count, tokens);
        expect(result.flat()).toEqual(all);
        for (const batch of result) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(count);
          const total = batch.reduce((sum, text) => sum + approximateTokens(text), 0);
          // A text that is too long by itself goes alone: the server then says so.
          expect(total <= tokens || batch.length === 1).toBe(true);
        }
      },
    ),
  );
});
