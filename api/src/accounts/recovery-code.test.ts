import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashRecoveryCode, newRecoveryCodes } from './recovery-code.ts';

test('P40 ten codes, each of 80 bits, without signs that are easily mistaken', () => {
  const codes = Array.from({ length: 200 }, newRecoveryCodes).flat();
  expect(newRecoveryCodes()).toHaveLength(10);
  expect(new Set(codes).size).toBe(2_000);
  for (const code of codes) expect(code).toMatch(/^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/);
  // Every sign comes about as often: 1,000 of each are to be expected.
  const counts = new Map<string, number>();
  for (const sign of codes.join('').replaceAll('-', '')) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  expect(counts.size).toBe(32);
  for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(300);
});

test('P40 a code is known again however it is typed, and no other is', () => {
  const [code = '', other = ''] = newRecoveryCodes();
  const typed = fc.tuple(fc.boolean(), fc.constantFrom('', ' ', '-', '  ', '\n'), fc.boolean());
  fc.assert(
    fc.property(typed, ([capitals, between, mistaken]) => {
      let text = code.replaceAll('-', between);
      if (mistaken) text = text.replaceAll('0', 'o').replaceAll('1', 'l');
      expect(hashRecoveryCode(capitals ? text.toUpperCase() : text)).toEqual(hashRecoveryCode(code));
    }),
  );
  expect(hashRecoveryCode(other)).not.toEqual(hashRecoveryCode(code));
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(hashRecoveryCode(text).equals(hashRecoveryCode(code))).toBe(false);
    }),
  );
});
