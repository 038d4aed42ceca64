import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signInWithPassword } from '../src/accounts/sign-in-with-password.ts';
import { signInWithRecoveryCode } from '../src/accounts/sign-in-with-recovery-code.ts';
import { LIMITS } from '../src/accounts/sign-in-limits.ts';
import type { Viewer } from '../src/accounts/viewer.ts';
import type { Services } from '../src/services.ts';
import { grant, grantsOf, revokedOf, sessionsOf } from './accounts-grants.ts';
import { anywhere, ask, PASSWORD, register } from './accounts-people.ts';
import type { Input } from './memories-operations.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
let services: Services;
beforeAll(async () => {
  picard = await startTestPicard();
  services = picard.picard.services;
});
afterAll(() => picard[Symbol.asyncDispose]());

interface Outcome {
  __typename: string;
  code?: string;
  field?: string;
  maxAgeSeconds?: number;
  retryAfterSeconds?: number;
}
const FAILURE =
  '__typename ... on UserError { code } ... on InvalidInput { field } ... on ReauthenticationRequired { maxAgeSeconds }';
const signIn = async (handle: string, password: string): Promise<boolean> =>
  (await signInWithPassword(services, { handle, password }, anywhere())) !== null;

describe('P40 changing the password', () => {
  const NEW = 'quite another password';
  const change = (viewer: Viewer, currentPassword: string, newPassword: string): Promise<Outcome> =>
    ask(
      picard,
      viewer,
      `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { ${FAILURE}
        ... on TooManyAttempts { retryAfterSeconds } } }`,
      { input: { currentPassword, newPassword } },
    );

  test('P40 ends all sessions and tokens but those of the app that asks', async () => {
    const person = await register(services, 'changer');
    for (const each of ['kept', 'ended-1', 'ended-2']) await grant(services.database, person.id, each);
    const other = await register(services, 'bystander');
    await grant(services.database, other.id, 'of-another');
    const outcome = await change(person.viewer(0, 'kept'), PASSWORD, NEW);
    expect(outcome).toEqual({ __typename: 'ChangePasswordPayload' });
    expect([await signIn('changer', PASSWORD), await signIn('changer', NEW)]).toEqual([false, true]);
    expect(await grantsOf(services.database, person.id)).toEqual(['kept']);
    expect(await sessionsOf(services.database, person.id)).toBe(0);
    expect(await revokedOf(services.database)).toEqual(['ended-1', 'ended-2']);
    expect(await sessionsOf(services.database, other.id)).toBe(2);
  });

  test('P40 needs the current password, a good new one, and a sign-in of the last ten minutes', async () => {
    const person = await register(services, 'hasty');
    await grant(services.database, person.id, 'stays');
    expect(await change(person.viewer(), 'not my password', NEW)).toMatchObject({ code: 'WRONG_PASSWORD' });
    expect(await change(person.viewer(), PASSWORD, 'short')).toMatchObject({ field: 'newPassword' });
    expect(await change(person.viewer(), PASSWORD, 'HASTY')).toMatchObject({ field: 'newPassword' });
    expect(await change(person.viewer(590), 'not my password', NEW)).toMatchObject({
      code: 'WRONG_PASSWORD',
    });
    expect(await change(person.viewer(601), PASSWORD, NEW)).toEqual({
      __typename: 'ReauthenticationRequired',
      code: 'REAUTHENTICATION_REQUIRED',
      maxAgeSeconds: 600,
    });
    expect(await change({ ...person.viewer(), authenticatedAt: null }, PASSWORD, NEW)).toMatchObject({
      code: 'REAUTHENTICATION_REQUIRED',
    });
    expect(await signIn('hasty', PASSWORD)).toBe(true);
    expect(await grantsOf(services.database, person.id)).toEqual(['stays']);
  });

  test('P40 guesses at the current one are limited', async () => {
    const person = await register(services, 'stolen');
    const { points } = LIMITS.reauthentication;
    const guesses = await Promise.all(
      Array.from({ length: points + 3 }, () => change(person.viewer(), 'not my password', NEW)),
    );
    const codes = guesses.map(({ code }) => code).sort();
    expect(codes).toEqual([
      ...Array.from({ length: 3 }, () => 'TOO_MANY_ATTEMPTS'),
      ...Array.from({ length: points }, () => 'WRONG_PASSWORD'),
    ]);
    expect(guesses.find(({ code }) => code === 'TOO_MANY_ATTEMPTS')?.retryAfterSeconds).toBeGreaterThan(800);
  });
});

test('P40 new recovery codes replace the former ones', async () => {
  const person = await register(services, 'renewer');
  const left = async (): Promise<unknown> =>
    (await ask(picard, person.viewer(), '{ viewer { recoveryCodesLeft } }'))['recoveryCodesLeft'];
  const renew = (viewer: Viewer): Promise<Outcome & { recoveryCodes?: string[] }> =>
    ask(
      picard,
      viewer,
      `mutation { renewRecoveryCodes { ${FAILURE.replace(' ... on InvalidInput { field }', '')}
        ... on RenewRecoveryCodesPayload { recoveryCodes } } }`,
    );
  const recover = (code: string | undefined) =>
    signInWithRecoveryCode(services, { handle: 'renewer', code: code ?? '' }, anywhere());
  expect(await recover(person.recoveryCodes[0])).not.toBeNull();
  expect(await left()).toBe(9);
  expect(await renew(person.viewer(601))).toMatchObject({ code: 'REAUTHENTICATION_REQUIRED' });
  expect(await left()).toBe(9);
  const { recoveryCodes } = await renew(person.viewer());
  expect(new Set(recoveryCodes).size).toBe(10);
  expect(await recover(person.recoveryCodes[1])).toBeNull();
  expect(await recover(recoveryCodes?.[0])).not.toBeNull();
  expect(await left()).toBe(9);
});

describe('P41 the profile', () => {
  const update = (viewer: Viewer, input: Input): Promise<Outcome & { user?: Input }> =>
    ask(
      picard,
      viewer,
      `mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) {
        ${FAILURE.replace(' ... on ReauthenticationRequired { maxAgeSeconds }', '')}
        ... on UpdateProfilePayload { user { handle displayName about } } } }`,
      { input },
    );

  test('P41 changes what is given and leaves the rest', async () => {
    const person = await register(services, 'profiled');
    const first = await update(person.viewer(9_999), { displayName: ' Pro ', about: 'I sail.\nOften.' });
    expect(first.user).toEqual({ handle: 'profiled', displayName: 'Pro', about: 'I sail.\nOften.' });
    const second = await update(person.viewer(), { handle: 'sailor', about: null });
    expect(second.user).toEqual({ handle: 'sailor', displayName: 'Pro', about: 'I sail.\nOften.' });
    expect((await update(person.viewer(), { about: '' })).user).toMatchObject({ about: '' });
    expect([await signIn('profiled', PASSWORD), await signIn('sailor', PASSWORD)]).toEqual([false, true]);
    await register(services, 'captain');
    expect((await update(person.viewer(), { handle: 'captain' })).code).toBe('HANDLE_TAKEN');
    expect((await update(person.viewer(), { handle: 'admin' })).code).toBe('HANDLE_RESERVED');
  });

  test.each<[string, Input]>([
    ['handle', { handle: 'A B' }],
    ['handle', { handle: '' }],
    ['displayName', { displayName: ' ' }],
    ['about', { about: 'x'.repeat(2_001) }],
    ['about', { about: '\u0000' }],
  ])('P41 refuses %s of %j', async (field, input) => {
    const person = await register(services, `refused-${crypto.randomUUID().slice(0, 8)}`);
    expect(await update(person.viewer(), { displayName: 'Changed', ...input })).toMatchObject({ field });
    const { user } = await ask<{ user: Input }>(
      picard,
      person.viewer(),
      '{ viewer { user { displayName } } }',
    );
    expect(user['displayName']).toBe(person.handle);
  });
});
