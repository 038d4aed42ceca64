import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { recordingLogger } from '../test/fixture-api.ts';
import { failureOf, maskedFailure, refusalStatus } from './failures.ts';

describe('failures', () => {
  it.each([
    ['UNAUTHENTICATED', 401],
    ['FORBIDDEN', 403],
    ['RATE_LIMITED', 429],
    ['BAD_USER_INPUT', 400],
  ])('%s keeps its message and becomes status %i', (code, status) => {
    const logger = recordingLogger();
    const failure = failureOf([new GraphQLError('As told.', { extensions: { code } })], 'Op', logger);
    expect(failure).toMatchObject({
      kind: 'failure',
      code,
      message: 'As told.',
      status,
      wayOn: expect.any(String),
    });
    expect(logger.entries).toEqual([]);
  });

  it('passes on when to come back', () => {
    const error = new GraphQLError('Slow down.', { extensions: { code: 'RATE_LIMITED', retryAfter: 12.4 } });
    expect(failureOf([error], 'Op', recordingLogger())).toHaveProperty('retryAfterSeconds', 13);
  });

  it('passes on a status and a Retry-After that the API set', () => {
    const http = { status: 503, headers: { 'retry-after': '3' } };
    const error = new GraphQLError('Away.', { extensions: { code: 'UNAVAILABLE', http } });
    expect(failureOf([error], 'Op', recordingLogger())).toMatchObject({ status: 503, retryAfterSeconds: 3 });
  });

  it('keeps the correlation id that the API logged', () => {
    const extensions = { code: 'INTERNAL_SERVER_ERROR', correlationId: 'abc' };
    const failure = failureOf([new GraphQLError('secret', { extensions })], 'Op', recordingLogger());
    expect(failure).toMatchObject({ code: 'INTERNAL', message: expect.stringContaining('abc') });
    expect(failure.message).not.toContain('secret');
  });

  it('reads errors that came over HTTP', () => {
    const error = { message: 'No.', extensions: { code: 'FORBIDDEN' } };
    expect(failureOf([error], 'Op', recordingLogger())).toHaveProperty('code', 'FORBIDDEN');
  });

  it.each([
    ['an unknown code', new GraphQLError('secret', { extensions: { code: 'toString' } })],
    ['no code', new GraphQLError('secret')],
    [
      'an invalid document',
      new GraphQLError('secret', { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }),
    ],
    [
      'a thrown error with a code of its own',
      new GraphQLError('secret', {
        originalError: new Error('secret'),
        extensions: { code: 'ECONNREFUSED' },
      }),
    ],
    [
      'a thrown error',
      new GraphQLError('secret', { originalError: new TypeError('secret postgres://u:p@h') }),
    ],
  ])('masks %s and logs it without its message', (_what, error) => {
    const logger = recordingLogger();
    const failure = failureOf([error], 'Op', logger);
    expect(failure).toMatchObject({ code: 'INTERNAL', status: 500 });
    expect(JSON.stringify([failure, logger.entries])).not.toContain('secret');
    expect(failure.message).toContain(String(logger.entries[0]?.fields['correlationId']));
  });

  it('masks whatever is thrown', () => {
    for (const thrown of ['text', undefined, null, { message: 'secret' }]) {
      expect(maskedFailure(thrown, 'Op', recordingLogger()).message).not.toContain('secret');
    }
  });
});

describe('refusalStatus', () => {
  it.each([
    ['MEMORY_NOT_FOUND', 404],
    ['VERSION_CONFLICT', 409],
    ['DUPLICATE_SOURCE', 409],
    ['HANDLE_TAKEN', 409],
    ['INVALID_INPUT', 422],
  ])('%s is %i', (code, status) => expect(refusalStatus(code)).toBe(status));
});
