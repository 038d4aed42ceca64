import { GraphQLError } from 'graphql';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { InvalidInput } from '../invalid-input.ts';
import { DatabaseUnavailable } from '../storage/errors.ts';
import { publicError } from './errors.ts';

function told(error: unknown): { error: GraphQLError; log: string } {
  let log = '';
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => done(void (log += chunk.toString())),
  });
  return { error: publicError(error, pino(stream)), log };
}
const at = (originalError: Error): GraphQLError =>
  new GraphQLError(originalError.message, { path: ['memory'], originalError });

describe('P3 what a caller may read of an error', () => {
  test('P62 the unexpected is logged whole and told by its correlation id alone', () => {
    const { error, log } = told(at(new TypeError('a secret of the inside')));
    expect(error.path).toEqual(['memory']);
    expect(JSON.stringify(error)).not.toMatch(/secret|TypeError|\.ts/);
    const line = JSON.parse(log) as {
      correlationId: string;
      err: { type: string; message: string; stack: string };
    };
    expect(line.correlationId).toBe(error.extensions['correlationId']);
    expect(line.err).toMatchObject({ type: 'TypeError', message: 'a secret of the inside' });
    expect(line.err.stack).toContain('errors.test.ts');
  });

  test('P3 a named error keeps its code, message, field and place, and is not logged', () => {
    const { error, log } = told(at(new InvalidInput('first', 'must be from 1 to 100')));
    expect(error.toJSON()).toMatchObject({
      message: 'first must be from 1 to 100.',
      path: ['memory'],
      extensions: { code: 'INVALID_INPUT', field: 'first' },
    });
    expect(log).toBe('');
  });

  test('P3 an error of graphql’s own keeps its place and code, wherever it was thrown', () => {
    const thrown = new GraphQLError('no', { extensions: { code: 'FORBIDDEN' } });
    for (const error of [at(thrown), at(at(thrown))]) {
      expect(told(error).error).toMatchObject({ path: ['memory'], extensions: { code: 'FORBIDDEN' } });
    }
    expect(told(thrown).error.extensions['code']).toBe('FORBIDDEN');
    expect(told(new GraphQLError('a variable')).error.extensions['code']).toBe('BAD_USER_INPUT');
  });

  test('P62 a database that does not answer is 503, and worth another try', () => {
    const { error, log } = told(at(new DatabaseUnavailable(new Error('password=x'), 'nothing')));
    expect(error.extensions).toMatchObject({
      code: 'UNAVAILABLE',
      http: { status: 503, headers: { 'retry-after': '3' } },
    });
    expect(JSON.stringify(error)).not.toContain('password');
    expect(log).toBe('');
  });

  test.each([
    ['TIMEOUT', 'TimeoutError'],
    ['ABORTED', 'AbortError'],
  ])('P3 %s', (code, name) => {
    expect(told(at(new DOMException('The operation was given up', name))).error.extensions['code']).toBe(
      code,
    );
  });

  test('P3 a statement whose time was up is TIMEOUT', () => {
    const cancelled = Object.assign(new Error('canceling statement due to statement timeout'), {
      code: '57014',
    });
    const { error } = told(at(cancelled));
    expect([error.extensions['code'], error.message]).toEqual([
      'TIMEOUT',
      expect.not.stringContaining('statement'),
    ]);
  });
});
