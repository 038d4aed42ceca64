import { describe, expect, test } from 'vitest';
import { claimAccount } from '../src/accounts/claim-account.ts';
import { findAccountLink } from '../src/accounts/find-account-link.ts';
import { resetPassword } from '../src/accounts/reset-password.ts';
import { signInWithRecoveryCode } from '../src/accounts/sign-in-with-recovery-code.ts';
import { grant, grantsOf, revokedOf } from './accounts-grants.ts';
import { LinkStage, tokenIn } from './accounts-link-stage.ts';
import { outcomeOf } from './outcome.ts';
import { anywhere, PASSWORD, register } from './accounts-people.ts';
import { opened } from './opened.ts';

const stage = opened(() => LinkStage.open());

describe('P70 claiming an account', () => {
  test('P70 an administrator makes a link for whom they made an account, and nobody else does', async () => {
    const key = await stage().picard.account('newcomer');
    const made = await stage().make('newcomer');
    expect(made).toMatchObject({
      purpose: 'CLAIM',
      path: expect.stringMatching(/^\/account\/claim\?token=/),
    });
    expect(new Date(made.expiresAt ?? '').getTime() - Date.now()).toBeGreaterThan(6 * 86_400_000);
    expect(await stage().make('newcomer', 'RESET')).toEqual({ __typename: 'InvalidInput' });
    expect(await stage().make('nobody-at-all')).toEqual({ __typename: 'AccountNotFound' });
    const { errors } = await stage().picard.ask(
      'mutation { createAccountLink(input: { handle: "newcomer" }) { __typename } }',
      {},
      key,
    );
    expect(errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN', requiredScopes: ['memories:admin'] });
  });

  test('P70 gives it a handle, a name, a password and recovery codes, and its keys stay', async () => {
    const key = await stage().picard.account('temporary');
    const [token, former] = [await stage().tokenFor('temporary'), await stage().tokenFor('temporary')];
    expect(await findAccountLink(stage().services, token, 'claim')).toMatchObject({ handle: 'temporary' });
    expect(await findAccountLink(stage().services, token, 'reset')).toBeNull();
    const { account, recoveryCodes } = await claimAccount(
      stage().services,
      { token, handle: 'hedy', displayName: 'Hedy', password: PASSWORD },
      anywhere(),
    );
    expect(account).toMatchObject({ handle: 'hedy', displayName: 'Hedy' });
    expect(await stage().signIn('hedy', PASSWORD)).toBe(true);
    expect(await stage().signIn('temporary', PASSWORD)).toBe(false);
    const recovered = { handle: 'hedy', code: recoveryCodes[9] ?? '' };
    expect(await signInWithRecoveryCode(stage().services, recovered, anywhere())).toMatchObject({
      handle: 'hedy',
    });
    expect(await stage().picard.data('{ viewer { user { handle displayName } } }', {}, key)).toEqual({
      viewer: { user: { handle: 'hedy', displayName: 'Hedy' } },
    });
    for (const used of [token, former])
      expect(
        await outcomeOf(
          claimAccount(stage().services, { token: used, handle: 'again', password: PASSWORD }, anywhere()),
        ),
      ).toBe('ACCOUNT_LINK_INVALID');
    expect(await stage().make('hedy', 'CLAIM')).toEqual({ __typename: 'InvalidInput' });
  });

  test('P70 of many who open one link at the same time, one has the account', async () => {
    await stage().picard.account('contested');
    const token = await stage().tokenFor('contested');
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, (_each, n) =>
        outcomeOf(
          claimAccount(stage().services, { token, handle: `winner-${n}`, password: PASSWORD }, anywhere()),
        ),
      ),
    );
    expect(outcomes.sort()).toEqual([...Array.from({ length: 5 }, () => 'ACCOUNT_LINK_INVALID'), 'done']);
  });

  test('P70 what cannot be taken leaves the link good', async () => {
    await stage().picard.account('careful');
    await stage().picard.account('owner-of-it');
    const token = await stage().tokenFor('careful');
    const attempt = (handle: string, password: string) =>
      outcomeOf(claimAccount(stage().services, { token, handle, password }, anywhere()));
    expect(await attempt('owner-of-it', PASSWORD)).toBe('HANDLE_TAKEN');
    expect(await attempt('admin', PASSWORD)).toBe('HANDLE_RESERVED');
    expect(await attempt('Not A Handle', PASSWORD)).toBe('INVALID_INPUT');
    expect(await attempt('careful', 'short')).toBe('INVALID_INPUT');
    expect(await attempt('careful', PASSWORD)).toBe('done');
  });

  test('P70 not with a link that is expired, unknown, or for something else', async () => {
    await stage().picard.account('slow');
    const token = await stage().tokenFor('slow');
    await stage().services.database.asOwner((sql) => sql`update account_links set expires_at = now()`);
    expect(await findAccountLink(stage().services, token, 'claim')).toBeNull();
    await register(stage().services, 'claimed');
    for (const wrong of [token, '', 'x'.repeat(43), await stage().tokenFor('claimed')])
      expect(
        await outcomeOf(
          claimAccount(stage().services, { token: wrong, handle: 'x-y', password: PASSWORD }, anywhere()),
        ),
      ).toBe('ACCOUNT_LINK_INVALID');
  });
});

describe('P40 a new password by a link', () => {
  test('P40 is set once, and ends every session and token of the account', async () => {
    const { id } = await register(stage().services, 'forgetful');
    const other = await register(stage().services, 'unaffected');
    await grant(stage().services.database, id, 'grant-1');
    await grant(stage().services.database, id, 'grant-2');
    await grant(stage().services.database, other.id, 'grant-3');
    const made = await stage().make('forgetful');
    expect(made).toMatchObject({
      purpose: 'RESET',
      path: expect.stringMatching(/^\/account\/reset\?token=/),
    });
    const token = tokenIn(made.path ?? '');
    expect(
      await outcomeOf(resetPassword(stage().services, { token, password: 'forgetful' }, anywhere())),
    ).toBe('INVALID_INPUT');
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, (_each, n) =>
        outcomeOf(resetPassword(stage().services, { token, password: `the new password ${n}` }, anywhere())),
      ),
    );
    expect(outcomes.filter((each) => each === 'done')).toHaveLength(1);
    const winner = outcomes.indexOf('done');
    expect(await stage().signIn('forgetful', `the new password ${winner}`)).toBe(true);
    expect(await stage().signIn('forgetful', PASSWORD)).toBe(false);
    expect(await grantsOf(stage().services.database, id)).toEqual([]);
    expect(await revokedOf(stage().services.database)).toEqual(['grant-1', 'grant-2']);
    expect(await grantsOf(stage().services.database, other.id)).toEqual(['grant-3']);
  });
});
