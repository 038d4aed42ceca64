import fc from 'fast-check';
import { GraphQLError, isScalarType } from 'graphql';
import { describe, expect, test } from 'vitest';
import { schema } from './index.ts';

const type = schema.getType('DateTime');
if (!isScalarType(type)) throw new Error('DateTime is a scalar');
const read = (text: unknown): Date => type.parseValue(text) as Date;
const write = (date: Date): unknown => type.serialize(date);

const FIRST = Date.parse('0001-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');
const instants = fc.integer({ min: FIRST, max: LAST });
const two = (value: number): string => String(value).padStart(2, '0');

describe('P22 DateTime', () => {
  test('P22 what is written is read as the same instant', () => {
    fc.assert(
      fc.property(instants, (instant) => {
        const date = new Date(instant);
        expect(write(date)).toBe(date.toISOString());
        expect(read(write(date)).getTime()).toBe(instant);
      }),
    );
  });

  test('P22 the same instant under any offset, and in small letters', () => {
    const offsets = fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 });
    const inside = fc.integer({ min: FIRST + 86_400_000, max: LAST - 86_400_000 });
    fc.assert(
      fc.property(inside, offsets, fc.boolean(), (instant, offset, small) => {
        const local = new Date(instant + offset * 60_000).toISOString().slice(0, -1);
        const sign = offset < 0 ? '-' : '+';
        const text = `${local}${sign}${two(Math.trunc(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
        expect(read(small ? text.toLowerCase() : text).getTime()).toBe(instant);
      }),
    );
  });

  test('P22 exactly the days of the calendar', () => {
    const parts = fc.tuple(
      fc.integer({ min: 1, max: 9999 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
    );
    fc.assert(
      fc.property(parts, ([year, month, day]) => {
        const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
        const days = [0, 31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0][month] ?? 0;
        const text = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T12:00:00Z`;
        if (day >= 1 && day <= days) expect(read(text).toISOString()).toBe(text.replace('Z', '.000Z'));
        else expect(() => read(text)).toThrow(GraphQLError);
      }),
      { numRuns: 500 },
    );
  });

  test('P22 fractions of a second, cut to milliseconds', () => {
    expect(read('2026-01-01T00:00:00.1Z').getUTCMilliseconds()).toBe(100);
    expect(read('2026-01-01T00:00:00.123456789Z').getUTCMilliseconds()).toBe(123);
  });

  test.each([
    ...[
      '',
      'now',
      '2026-01-01',
      '2026-01-01T00:00Z',
      '2026-01-01T00:00:00',
      '2026-01-01 00:00:00Z',
      '1767225600000',
    ],
    ...['2026-01-01T24:00:00Z', '2026-01-01T23:60:00Z', '2026-01-01T23:59:60Z', '2026-01-01T00:00:00+24:00'],
    ...[
      '2026-01-01T00:00:00+01:60',
      '2026-01-01T00:00:00+0100',
      '2026-01-01T00:00:00.Z',
      '2026-02-29T00:00:00Z',
    ],
    ...[
      '0000-12-31T23:59:59Z',
      '0001-01-01T00:00:00+00:01',
      '9999-12-31T23:59:59-00:01',
      '+010000-01-01T00:00:00Z',
    ],
    ...[' 2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z\n', '2026-01-01T00:00:00.1234567890Z'],
    ...[1_767_225_600_000, null, true, {}],
  ])('P22 refuses %j', (value) => {
    expect(() => read(value)).toThrow('Not a DateTime');
  });

  test('P22 no text at all makes it throw anything else', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/),
        ),
        (text) => {
          try {
            const instant = read(text).getTime();
            expect(instant >= FIRST && instant <= LAST).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(GraphQLError);
          }
        },
      ),
    );
  });
});
