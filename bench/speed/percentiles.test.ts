import { describe, expect, it } from 'vitest';
import { median, percentile, spread } from './percentiles.ts';

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

describe('percentile', () => {
  it('takes the nearest rank, whatever the order', () => {
    expect(percentile(hundred, 0.95)).toBe(95);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile(hundred, 1)).toBe(100);
  });

  it('gives a single sample for any share', () => {
    expect(percentile([7], 0.5)).toBe(7);
    expect(percentile([7], 0.99)).toBe(7);
  });

  it('refuses no samples', () => {
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });
});

it('takes the lower of two middle samples as median', () => {
  expect(median([4, 1, 3, 2])).toBe(2);
});

it('shows three percentiles', () => {
  expect(spread(hundred)).toBe('50.0 / 95.0 / 99.0');
});
