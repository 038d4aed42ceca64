import { GraphQLError } from 'graphql';
import { builder } from './builder.ts';

/** RFC 3339 with seconds and an offset, which `Date` alone does not insist on. */
const dateTime =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;

/** Null for what is no instant of the years 1 to 9999 in UTC, which are those that the form can write. */
function parse(text: string): Date | null {
  const [, year, month, day] = dateTime.exec(text) ?? [];
  if (!year || !month || !day) return null;
  // `Date` takes February 30 for March 2.
  if (Number(day) > new Date(Date.UTC(2000 + (Number(year) % 400), Number(month), 0)).getUTCDate())
    return null;
  const date = new Date(text.toUpperCase());
  return date.getUTCFullYear() >= 1 && date.getUTCFullYear() <= 9999 ? date : null;
}

builder.scalarType('DateTime', {
  description:
    'An instant in the form of RFC 3339, such as 2026-11-21T09:30:00Z. Answers are in UTC, to the millisecond.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize: (value) => value.toISOString(),
  parseValue: (value) => {
    const date = typeof value === 'string' ? parse(value) : null;
    if (!date) {
      throw new GraphQLError('Not a DateTime: write it as 2026-11-21T09:30:00Z, with an offset or Z.', {
        extensions: { code: 'BAD_USER_INPUT' },
      });
    }
    return date;
  },
});
