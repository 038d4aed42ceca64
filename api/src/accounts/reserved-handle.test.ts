import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { handle } from './account.ts';
import { checkedHandle, isReserved, RESERVED_HANDLES } from './reserved-handle.ts';

/** What each letter may be written as, and still be read as itself. */
const WRITTEN: Readonly<Record<string, readonly string[]>> = {
  a: ['a', '4'],
  b: ['b', '8'],
  d: ['d', 'cl', 'c1', 'ci'],
  e: ['e', '3'],
  g: ['g', '9'],
  i: ['i', '1', 'l'],
  l: ['l', '1', 'i'],
  m: ['m', 'rn'],
  o: ['o', '0'],
  s: ['s', '5'],
  t: ['t', '7'],
  w: ['w', 'vv'],
};
const waysOf = (letter: string): readonly string[] => WRITTEN[letter] ?? [letter];

/** The same rule as a pattern, to hold the rule against. */
const pattern = new RegExp(
  `^(${RESERVED_HANDLES.map((name) =>
    [...name]
      .map(
        (letter) =>
          `(?:${waysOf(letter)
            .map((way) => [...way].join('[-_]*'))
            .join('|')})`,
      )
      .join('[-_]*'),
  ).join('|')})[-_]*$`,
);

const disguised = fc
  .constantFrom(...RESERVED_HANDLES)
  .chain((name) =>
    fc
      .tuple(
        ...[...name].map((letter) =>
          fc.tuple(fc.constantFrom(...waysOf(letter)), fc.constantFrom('', '', '-', '_')),
        ),
      )
      .map((parts) => parts.flat().join('')),
  );
const person = { administrator: false };

describe('a reserved handle', () => {
  it('is itself one that could be taken', () => {
    for (const name of RESERVED_HANDLES) expect(handle.safeParse(name).success).toBe(true);
  });

  it('is taken by nobody but an administrator, however it is written', () => {
    fc.assert(
      fc.property(disguised, (text) => {
        expect(isReserved(text)).toBe(true);
        if (!handle.safeParse(text).success) return;
        expect(() => checkedHandle(text, person)).toThrow(`The handle ${text} is reserved. Choose another.`);
        expect(checkedHandle(text, { administrator: true })).toBe(text);
        expect(checkedHandle(text, { administrator: false, handle: text })).toBe(text);
      }),
    );
  });

  it('is told from every other', () => {
    const touched = fc
      .tuple(disguised, fc.nat(), fc.constantFrom('', ...'abcdeilmnorstvwy0134578-_'))
      .map(([text, at, sign]) => {
        const place = at % text.length;
        return text.slice(0, place) + sign + text.slice(place + 1);
      })
      .filter((text) => handle.safeParse(text).success);
    fc.assert(
      fc.property(touched, (text) => {
        expect(isReserved(text), text).toBe(pattern.test(text));
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    'adam',
    'anna-b',
    'helpful',
    'rooted',
    'melanie',
    'not-admin',
    'admin-of-nothing',
    'apia',
    'mary',
  ])('is not %s', (text) => {
    expect(checkedHandle(text, person)).toBe(text);
  });

  it.each(['Admin', 'ADMIN', 'аdmin', 'admin ', ' admin', 'admin\n'])('is no handle at all as %j', (text) => {
    expect(() => checkedHandle(text, person)).toThrow('handle must be');
  });
});
