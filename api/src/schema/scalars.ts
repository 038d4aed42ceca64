import { GraphQLError } from 'graphql';
import { builder } from './builder.ts';

/** RFC 3339 with seconds and an offset, which `Date` alone does not insist on. */
const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i;

builder.scalarType('DateTime', {
  description:
    'An instant in the form of RFC 3339, such as 2026-11-21T09:30:00Z. Answers are in UTC, to the millisecond.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize: (value) => value.toISOString(),
  parseValue: (value) => {
    const date = typeof value === 'string' && dateTime.test(value) ? new Date(value) : null;
    if (!date || Number.isNaN(date.getTime())) {
      throw new GraphQLError('Not a DateTime: write it as 2026-11-21T09:30:00Z, with an offset or Z.', {
        extensions: { code: 'BAD_USER_INPUT' },
      });
    }
    return date;
  },
});
