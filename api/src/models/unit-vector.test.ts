import { expect, test } from 'vitest';
import { unitVector } from './unit-vector.ts';

test('the direction is kept and the length is 1', () => {
  const [x, y] = unitVector([3, 4]) ?? [];
  expect(x).toBeCloseTo(0.6);
  expect(y).toBeCloseTo(0.8);
});

test.each([[[0, 0]], [[NaN, 1]], [[Infinity, 1]], [[]]])('%j has no direction', (values) => {
  expect(unitVector(values)).toBeNull();
});
