import { describe, expect, test } from 'vitest';
import { claimAccount } from '../src/accounts/claim-account.ts';
import { createAccount } from '../src/accounts/create-account.ts';
import { findAccountLink } from '../src/accounts/find-account-link.ts';
import type { Viewer } from '../src/accounts/viewer.ts';
import { welcome } from '../src/welcome.ts';
import { LinkStage, tokenIn } from './accounts-link-stage.ts';
import { outcomeOf } from './outcome.ts';
import { anywhere, ask, PASSWORD, register, signedIn } from './accounts-people.ts';
import { createCli, settingsOf } from './cli-process.ts';
import { opened } from './opened.ts';
import { startTestPicard } from './picard.ts';

const stage = opened(() => LinkStage.open());

describe('P70 the first account', () => {
  test('P70 every start tells a new link to claim it, until somebody has', async () => {
    const told = await welcome(stage().picard.picard);
    const [first, second] = [tokenIn(told), tokenIn(await welcome(stage().picard.picard))];
    expect(told).toContain(`${stage().picard.picard.http.publicUrl.origin}/account/claim?token=${first}`);
    expect(first).not.toBe(second);
    const { account } = await claimAccount(
      stage().services,
      { token: first, handle: 'captain', password: PASSWORD },
      anywhere(),
    );
    expect(account.administrator).toBe(true);
    expect(await welcome(stage().picard.picard)).not.toContain('token=');
    expect(await findAccountLink(stage().services, second, 'claim')).toBeNull();
    // Its first key goes on, and the next start makes no other account.
    expect(await stage().picard.data('{ viewer { administrator } }')).toEqual({
      viewer: { administrator: true },
    });
  });

  test('P70 keeps the handles that it gave up, and those like them, from everybody else', async () => {
    const update = async (viewer: Viewer, handle: string): Promise<string> => {
      const document = `mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { __typename } }`;
      return (await ask(stage().picard, viewer, document, { input: { handle } })).__typename;
    };
    const person = await register(stage().services, 'somebody');
    for (const handle of ['admin', 'adm1n', 'ad-min', 'adrnin', 'p1card', 'support']) {
      const refused = 'HANDLE_RESERVED';
      expect(await outcomeOf(register(stage().services, handle))).toBe(refused);
      expect(await outcomeOf(createAccount(stage().services, { handle }))).toBe(refused);
      expect(await update(person.viewer(), handle)).toBe('HandleReserved');
    }
    const { viewer } = await stage().picard.data<{ viewer: { user: { id: string } } }>(
      '{ viewer { user { id } } }',
    );
    const captain = signedIn(viewer.user.id, 0, 'the-grant', true);
    expect(await update(captain, 'admin')).toBe('UpdateProfilePayload');
    expect(await update(captain, 'captain')).toBe('UpdateProfilePayload');
  });

  test('P70 picard account-link prints a link, beside a running server', async () => {
    await stage().picard.account('at-the-door');
    await using cli = await createCli(settingsOf(stage().picard.database));
    const beside = await cli.run('account-link', 'at-the-door');
    expect(beside).toMatchObject({ code: 0, stderr: '' });
    // At the address that people use, which the server has left word of.
    const { publicUrl } = stage().picard.picard.http;
    expect(beside.stdout).toContain(`${publicUrl.origin}/account/claim?token=`);
    expect(await findAccountLink(stage().services, tokenIn(beside.stdout), 'claim')).not.toBeNull();
    const wrong = await cli.run('account-link', 'at-the-door', '--reset');
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('[INVALID_INPUT]') });
    expect(await cli.run('account-link', 'who')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[ACCOUNT_NOT_FOUND]'),
    });
    expect((await cli.run('account-link', 'x', '--reset', '--claim')).stderr).toContain('[USAGE]');
  });

  test('P70 picard account-link prints a link where no server runs', async () => {
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
