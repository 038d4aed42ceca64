import { expect, test } from 'vitest';
import { options } from './options.ts';

const url = 'postgres://localhost/any';

test('a hundred thousand memories of a thousand owners, unless a quick look is asked for', () => {
  const { owners, memoriesEach, data } = options(['--database-url', url]);
  expect(owners * memoriesEach).toBe(100_000);
  expect(data).toBeUndefined();
  const quick = options(['--database-url', url, '--quick', '--data', 'sets']);
  expect(quick.owners * quick.memoriesEach).toBe(1_000);
  expect(quick.data).toBe('sets');
});

test('a database is asked for, and unknown options are refused', () => {
  expect(() => options([])).toThrow('--database-url is missing');
  expect(() => options(['--database-url', url, '--owners', '3'])).toThrow('--owners');
});
