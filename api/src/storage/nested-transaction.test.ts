import { expect, test } from 'vitest';
import { NestedTransaction, unnested } from './nested-transaction.ts';

test('a transaction within another is refused, also after a wait', async () => {
  const within = unnested(async () => {
    await Promise.resolve();
    await unnested(async () => undefined);
  });
  await expect(within).rejects.toThrow(NestedTransaction);
});

test('one after another, side by side, and begun within one but run after it are let be', async () => {
  let later: () => Promise<string> = async () => '';
  const over = Promise.withResolvers<void>();
  const started = unnested(async () => {
    later = () => over.promise.then(() => unnested(async () => 'later'));
    return 'first';
  });
  expect(await Promise.all([started, unnested(async () => 'beside')])).toEqual(['first', 'beside']);
  const answer = later();
  over.resolve();
  expect(await answer).toBe('later');
});

test('a failed one is over as well', async () => {
  await expect(unnested(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(await unnested(async () => 'next')).toBe('next');
});
