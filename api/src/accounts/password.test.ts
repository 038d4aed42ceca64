import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidInput } from '../invalid-input.ts';
import { checkedPassword, MAX_LENGTH, MIN_LENGTH } from './password.ts';

const taken = (password: unknown, handle = 'ada'): boolean => {
  try {
    checkedPassword(password, handle);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInput);
    expect((error as InvalidInput).field).toBe('password');
    // A refusal is shown and may be logged: it repeats nothing of what was typed.
    if (typeof password === 'string' && password.length > 3)
      expect((error as InvalidInput).message).not.toContain(password);
    return false;
  }
};

describe('P40 a new password', () => {
  test.each([
    ['ten characters', 'a1b2c3d4e5', true],
    ['nine', 'a1b2c3d4e', false],
    ['ten emoji', '🐢🐇🐊🦎🐍🦕🦖🐬🐳🐋', true],
    ['nine emoji, which are eighteen code units', '🐢🐇🐊🦎🐍🦕🦖🐬🐳', false],
    ['128 characters', 'ab'.repeat(64), true],
    ['129', `${'ab'.repeat(64)}c`, false],
    ['one that is among the first to be tried', 'password123', false],
    ['the same in capitals', 'PassWord123', false],
    ['the same in wide letters', 'ｐａｓｓｗｏｒｄ１２３', false],
    ['one sign again and again', 'zzzzzzzzzzzz', false],
    ['a sentence', 'all work and no play', true],
    ['spaces at its ends', '  spaced out  ', true],
    ['NUL', 'abcdefghi\u0000', false],
    ['half a surrogate pair', 'abcdefghi\ud800', false],
    ['no text', 1234567890, false],
    ['a megabyte', 'ab'.repeat(500_000), false],
  ])('P40 of %s', (_what, password, good) => {
    expect(taken(password)).toBe(good);
  });

  test('P40 is not the handle, in whatever case', () => {
    expect(taken('grace-hopper', 'grace-hopper')).toBe(false);
    expect(taken('Grace-Hopper', 'grace-hopper')).toBe(false);
    expect(taken('grace-hopper!', 'grace-hopper')).toBe(true);
  });

  test('P40 is the same in whichever form a keyboard sends it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: MIN_LENGTH, maxLength: MAX_LENGTH }),
        (password) => {
          fc.pre(!password.includes('\u0000') && taken(password));
          const kept = checkedPassword(password, 'ada');
          for (const form of ['NFC', 'NFD', 'NFKC'] as const)
            if (taken(password.normalize(form)))
              expect(checkedPassword(password.normalize(form), 'ada')).toBe(kept);
          expect([...kept].length).toBeGreaterThanOrEqual(MIN_LENGTH);
          expect([...kept].length).toBeLessThanOrEqual(MAX_LENGTH);
        },
      ),
    );
  });
});
