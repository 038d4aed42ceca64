import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { claimAccount } from '../src/accounts/claim-account.ts';
import { findAccountLink } from '../src/accounts/find-account-link.ts';
import { resetPassword } from '../src/accounts/reset-password.ts';
import { signInWithPassword } from '../src/accounts/sign-in-with-password.ts';
import { signInWithRecoveryCode } from '../src/accounts/sign-in-with-recovery-code.ts';
import type { Services } from '../src/services.ts';
import { welcome } from '../src/welcome.ts';
import { anywhere, PASSWORD, register } from './accounts-people.ts';
import { grant, grantsOf, revokedOf } from './accounts-grants.ts';
import { createCli, settingsOf } from './cli-process.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
let services: Services;
beforeAll(async () => {
  picard = await startTestPicard();
  services = picard.picard.services;
});
afterAll(() => picard[Symbol.asyncDispose]());

interface Made {
  __typename: string;
  path?: string;
  purpose?: string;
  expiresAt?: string;
}
const make = async (handle: string, purpose?: string, key?: string): Promise<Made> =>
  (
    await picard.data<{ createAccountLink: Made }>(
      `mutation ($input: CreateAccountLinkInput!) { createAccountLink(input: $input) { __typename
        ... on CreateAccountLinkPayload { path purpose expiresAt user { handle } } } }`,
      { input: { handle, purpose } },
      key,
    )
  ).createAccountLink;
const tokenIn = (text: string): string => /[?]token=([\w-]{43})(?![\w-])/.exec(text)?.[1] ?? '';
const tokenFor = async (handle: string): Promise<string> => tokenIn((await make(handle)).path ?? '');
const code = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: unknown) => Reflect.get(Object(error), 'code'),
  );
const signIn = async (handle: string, password: string): Promise<boolean> =>
  (await signInWithPassword(services, { handle, password }, anywhere())) !== null;

describe('P70 claiming an account', () => {
  test('P70 an administrator makes a link for whom they made an account, and nobody else does', async () => {
    const key = await picard.account('newcomer');
    const made = await make('newcomer');
    expect(made).toMatchObject({
      purpose: 'CLAIM',
      path: expect.stringMatching(/^\/account\/claim\?token=/),
    });
    expect(new Date(made.expiresAt ?? '').getTime() - Date.now()).toBeGreaterThan(6 * 86_400_000);
    expect(await make('newcomer', 'RESET')).toEqual({ __typename: 'InvalidInput' });
    expect(await make('nobody-at-all')).toEqual({ __typename: 'AccountNotFound' });
    const { errors } = await picard.ask(
      'mutation { createAccountLink(input: { handle: "newcomer" }) { __typename } }',
      {},
      key,
    );
    expect(errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN', requiredScopes: ['memories:admin'] });
  });

  test('P70 gives it a handle, a name, a password and recovery codes, and its keys stay', async () => {
    const key = await picard.account('temporary');
    const [token, former] = [await tokenFor('temporary'), await tokenFor('temporary')];
    expect(await findAccountLink(services, token, 'claim')).toMatchObject({ handle: 'temporary' });
    expect(await findAccountLink(services, token, 'reset')).toBeNull();
    const { account, recoveryCodes } = await claimAccount(
      services,
      { token, handle: 'hedy', displayName: 'Hedy', password: PASSWORD },
      anywhere(),
    );
    expect(account).toMatchObject({ handle: 'hedy', displayName: 'Hedy' });
    expect(await signIn('hedy', PASSWORD)).toBe(true);
    expect(await signIn('temporary', PASSWORD)).toBe(false);
    const recovered = { handle: 'hedy', code: recoveryCodes[9] ?? '' };
    expect(await signInWithRecoveryCode(services, recovered, anywhere())).toMatchObject({ handle: 'hedy' });
    expect(await picard.data('{ viewer { user { handle displayName } } }', {}, key)).toEqual({
      viewer: { user: { handle: 'hedy', displayName: 'Hedy' } },
    });
    for (const used of [token, former])
      expect(
        await code(claimAccount(services, { token: used, handle: 'again', password: PASSWORD }, anywhere())),
      ).toBe('ACCOUNT_LINK_INVALID');
    expect(await make('hedy', 'CLAIM')).toEqual({ __typename: 'InvalidInput' });
  });

  test('P70 of many who open one link at the same time, one has the account', async () => {
    await picard.account('contested');
    const token = await tokenFor('contested');
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, (_each, n) =>
        code(claimAccount(services, { token, handle: `winner-${n}`, password: PASSWORD }, anywhere())),
      ),
    );
    expect(outcomes.sort()).toEqual([...Array.from({ length: 5 }, () => 'ACCOUNT_LINK_INVALID'), 'done']);
  });

  test('P70 what cannot be taken leaves the link good', async () => {
    await picard.account('careful');
    const token = await tokenFor('careful');
    const attempt = (handle: string, password: string) =>
      code(claimAccount(services, { token, handle, password }, anywhere()));
    expect(await attempt('admin', PASSWORD)).toBe('HANDLE_TAKEN');
    expect(await attempt('Not A Handle', PASSWORD)).toBe('INVALID_INPUT');
    expect(await attempt('careful', 'short')).toBe('INVALID_INPUT');
    expect(await attempt('careful', PASSWORD)).toBe('done');
  });

  test('P70 not with a link that is expired, unknown, or for something else', async () => {
    await picard.account('slow');
    const token = await tokenFor('slow');
    await services.database.asOwner((sql) => sql`update account_links set expires_at = now()`);
    expect(await findAccountLink(services, token, 'claim')).toBeNull();
    await register(services, 'claimed');
    for (const wrong of [token, '', 'x'.repeat(43), await tokenFor('claimed')])
      expect(
        await code(claimAccount(services, { token: wrong, handle: 'x-y', password: PASSWORD }, anywhere())),
      ).toBe('ACCOUNT_LINK_INVALID');
  });
});

describe('P40 a new password by a link', () => {
  test('P40 is set once, and ends every session and token of the account', async () => {
    const { id } = await register(services, 'forgetful');
    const other = await register(services, 'unaffected');
    await grant(services.database, id, 'grant-1');
    await grant(services.database, id, 'grant-2');
    await grant(services.database, other.id, 'grant-3');
    const made = await make('forgetful');
    expect(made).toMatchObject({
      purpose: 'RESET',
      path: expect.stringMatching(/^\/account\/reset\?token=/),
    });
    const token = tokenIn(made.path ?? '');
    expect(await code(resetPassword(services, { token, password: 'forgetful' }, anywhere()))).toBe(
      'INVALID_INPUT',
    );
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, (_each, n) =>
        code(resetPassword(services, { token, password: `the new password ${n}` }, anywhere())),
      ),
    );
    expect(outcomes.filter((each) => each === 'done')).toHaveLength(1);
    const winner = outcomes.indexOf('done');
    expect(await signIn('forgetful', `the new password ${winner}`)).toBe(true);
    expect(await signIn('forgetful', PASSWORD)).toBe(false);
    expect(await grantsOf(services.database, id)).toEqual([]);
    expect(await revokedOf(services.database)).toEqual(['grant-1', 'grant-2']);
    expect(await grantsOf(services.database, other.id)).toEqual(['grant-3']);
  });
});

describe('P70 the first account', () => {
  test('P70 every start tells a new link to claim it, until somebody has', async () => {
    const told = await welcome(picard.picard);
    const [first, second] = [tokenIn(told), tokenIn(await welcome(picard.picard))];
    expect(told).toContain(`${picard.picard.http.publicUrl.origin}/account/claim?token=${first}`);
    expect(first).not.toBe(second);
    const { account } = await claimAccount(
      services,
      { token: first, handle: 'captain', password: PASSWORD },
      anywhere(),
    );
    expect(account.administrator).toBe(true);
    expect(await welcome(picard.picard)).not.toContain('token=');
    expect(await findAccountLink(services, second, 'claim')).toBeNull();
    // Its first key goes on, and the next start makes no other account.
    expect(await picard.data('{ viewer { administrator } }')).toEqual({ viewer: { administrator: true } });
  });

  test('P70 picard account-link prints a link, beside a running server and without one', async () => {
    await picard.account('at-the-door');
    await using cli = await createCli(settingsOf(picard.database));
    const beside = await cli.run('account-link', 'at-the-door');
    expect(beside).toMatchObject({ code: 0, stderr: '' });
    expect(beside.stdout).toContain(`http://localhost:${picard.url.port}/account/claim?token=`);
    expect(await findAccountLink(services, tokenIn(beside.stdout), 'claim')).not.toBeNull();
    const wrong = await cli.run('account-link', 'at-the-door', '--reset');
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('[INVALID_INPUT]') });
    expect(await cli.run('account-link', 'who')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[ACCOUNT_NOT_FOUND]'),
    });
    expect((await cli.run('account-link', 'x', '--reset', '--claim')).stderr).toContain('[USAGE]');

    await using alone = await startTestPicard();
    await alone.account('waiting');
    await alone.picard.close();
    await using other = await createCli({
      ...settingsOf(alone.database),
      PICARD_PUBLIC_URL: 'https://memories.example',
    });
    const without = await other.run('account-link', 'waiting', '--claim');
    expect(without).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^https:\/\/memories\.example\/account\/claim\?token=[\w-]{43}\n/),
    });
    expect(without.stdout).toContain('start it before');
  });
});
