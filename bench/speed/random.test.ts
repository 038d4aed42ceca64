import { describe, expect, it } from 'vitest';
import { randomNumbers, randomUnitVector } from './random.ts';

describe('randomNumbers', () => {
  it('repeats itself for the same seed only', () => {
    const take = (seed: number): number[] => Array.from({ length: 5 }, randomNumbers(seed));
    expect(take(1)).toEqual(take(1));
    expect(take(1)).not.toEqual(take(2));
  });

  it('spreads evenly over [0, 1)', () => {
    const numbers = Array.from({ length: 10_000 }, randomNumbers(3));
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    expect(numbers.reduce((sum, number) => sum + number, 0) / numbers.length).toBeCloseTo(0.5, 1);
  });
});

it('makes vectors of length 1', () => {
  expect(Math.hypot(...randomUnitVector(384, randomNumbers(4)))).toBeCloseTo(1, 5);
});
