import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidInput } from '../invalid-input.ts';
import { changedFields, isExpired, newFields, type GivenFields, type Memory } from './memory.ts';

const fields = newFields({ text: 'as it is' }, 'input');
const past = new Date(Date.now() - 1);
const future = new Date(Date.now() + 3_600_000);

const label = fc
  .string({ minLength: 1, maxLength: 64, unit: 'grapheme' })
  .filter((text) => text.trim() === text && text.length <= 64);
const changes = fc.record<GivenFields>(
  {
    text: fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text.trim() !== ''),
    kind: fc.constantFrom('NOTE', 'FACT', 'EVENT'),
    tags: fc.uniqueArray(label, { maxLength: 5 }),
    source: fc.option(label),
    sourceId: fc.option(label),
    language: fc.constantFrom('en', 'de', 'pt-BR'),
    occurredAt: fc.option(fc.date({ noInvalidDate: true })),
    expiresAt: fc.constantFrom(null, future),
  },
  { requiredKeys: [] },
);

describe('P25 the rules of a memory', () => {
  test('P25 a change changes what it names and nothing else, and a second time nothing', () => {
    fc.assert(
      fc.property(changes, (given) => {
        const once = changedFields(fields, given, 'input');
        expect(once).toEqual({ ...fields, ...given });
        expect(changedFields(once, given, 'input')).toEqual(once);
      }),
    );
  });

  test('P25 a new memory keeps what is given, and has the rest by default', () => {
    fc.assert(
      fc.property(changes, (given) => {
        const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
        expect(newFields({ text: 'as it is', ...given }, 'input')).toEqual({ ...fields, ...set });
      }),
    );
  });

  test('P27 tags are trimmed, and each stands once', () => {
    expect(newFields({ text: 'x', tags: [' a', 'b ', 'a', 'A'] }, 'input').tags).toEqual(['a', 'b', 'A']);
  });

  test('P25 errors name the field by its path and read as a sentence', () => {
    const refused = (given: GivenFields): string => {
      try {
        newFields({ text: 'x', ...given }, 'memories.3');
      } catch (error) {
        if (error instanceof InvalidInput) return `${error.field}: ${error.message}`;
      }
      return 'not refused';
    };
    expect(refused({ tags: ['ok', ''] })).toBe('memories.3.tags.1: memories.3.tags.1 must not be empty.');
    expect(refused({ position: 1 })).toMatch(/^memories\.3\.position: .* must come with the thread/);
    expect(refused({ expiresAt: past })).toMatch(/^memories\.3\.expiresAt: .* must be in the future/);
  });

  test('P34 only what is imported may begin expired, and an expiry that stays as it is may have passed', () => {
    const imported = newFields({ text: 'x', trust: 'IMPORT', expiresAt: past }, 'input');
    expect(changedFields(imported, { text: 'y', expiresAt: new Date(past) }, 'input')).toEqual({
      ...imported,
      text: 'y',
    });
    expect(() => changedFields(imported, { expiresAt: new Date(past.getTime() - 1) }, 'input')).toThrow(
      InvalidInput,
    );
    expect(() => newFields({ text: 'x', expiresAt: past }, 'input')).toThrow(InvalidInput);
  });

  test('P34 a memory is expired from its expiry on', () => {
    const now = new Date();
    const memory = { ...fields, expiresAt: now } as Memory;
    expect(isExpired(memory, new Date(now.getTime() - 1))).toBe(false);
    expect(isExpired(memory, now)).toBe(true);
    expect(isExpired({ ...memory, expiresAt: null }, now)).toBe(false);
  });
});
