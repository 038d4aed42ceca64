import { describe, expect, it } from 'vitest';
import { options } from './options.ts';

describe('options', () => {
  it('measures three sizes by default, in ascending order whatever is asked', () => {
    expect(options([]).sizes).toEqual([1_000, 10_000, 100_000]);
    expect(options(['--sizes', '500,20']).sizes).toEqual([20, 500]);
  });

  it('does a tenth when quick', () => {
    expect(options(['--quick']).searches).toBe(options([]).searches / 10);
  });

  it.each(['0', 'many', '1,,2', '-5'])('refuses the sizes %s', (sizes) => {
    expect(() => options([`--sizes=${sizes}`])).toThrow('--sizes');
  });
});
