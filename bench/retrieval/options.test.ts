import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { options } from './options.ts';

const data = join(import.meta.dirname, '..', 'sets');

describe('options', () => {
  it('takes every set and variant by default', async () => {
    const chosen = await options(['--data', data]);
    expect(chosen.sets).toEqual(['invented']);
    expect(chosen.variants).toEqual([
      'hybrid',
      'words',
      'vectors',
      'hybrid-no-context',
      'words-no-context',
      'bm25-plain',
    ]);
    expect(chosen.endpoint).toBeUndefined();
  });

  it.each([
    [[], '--data is missing'],
    [['--data', data, '--set', 'other'], 'no set other, only invented'],
    [['--data', data, '--variant', 'magic'], 'no variant magic'],
    [['--data', data, '--url', 'http://127.0.0.1:1'], 'go together'],
    [['--data', data, '--floor', '2'], 'from 0 to 1'],
  ])('refuses %j', async (args, message) => {
    await expect(options(args)).rejects.toThrow(message);
  });
});
