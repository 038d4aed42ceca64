import { errors } from 'oidc-provider';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { AccountLinkInvalid, RegistrationClosed, TooManyAttempts } from '../accounts/sign-in-errors.ts';
import { DatabaseUnavailable } from '../storage/errors.ts';
import { failedAsJson, refusalOf } from './failures.ts';
import { methodNotAllowed } from './page-refusal.ts';

const logger = pino({ level: 'silent' });

describe('a failure', () => {
  it.each([
    [methodNotAllowed('GET'), 405],
    [new TooManyAttempts(30), 429],
    [new errors.SessionNotFound('interaction session not found'), 410],
    [new AccountLinkInvalid(), 410],
    [new RegistrationClosed(), 403],
    [new DatabaseUnavailable(new Error('ECONNREFUSED'), 'nothing'), 503],
    [new Error('password of anna: hunter2'), 500],
  ])('becomes a page: %s', (error, status) => {
    const refusal = refusalOf(error, logger);
    expect(refusal.status).toBe(status);
    expect(JSON.stringify(refusal)).not.toContain('hunter2');
  });

  it('says when to try again, in words and in the header', () => {
    const soon = refusalOf(new TooManyAttempts(30), logger);
    expect(soon.headers).toEqual({ 'retry-after': '30' });
    expect(soon.page.wayOn).toMatch(/^Try again in 30 seconds, from \d\d:\d\d UTC on/);
    const later = refusalOf(new TooManyAttempts(601), logger);
    expect(later.page.wayOn).toMatch(/^Try again in 11 minutes/);
  });

  it('is told to our script in one line', () => {
    expect(failedAsJson(new TooManyAttempts(30), logger)).toMatchObject({
      status: 429,
      message: expect.stringMatching(/^There were too many attempts.*Try again in 30 seconds/),
      headers: { 'retry-after': '30' },
    });
  });
});
