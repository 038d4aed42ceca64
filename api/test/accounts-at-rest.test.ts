import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { claimAccount } from '../src/accounts/claim-account.ts';
import { createAccountLink, createFirstClaimLink } from '../src/accounts/create-account-link.ts';
import { resetPassword } from '../src/accounts/reset-password.ts';
import { signInWithPassword } from '../src/accounts/sign-in-with-password.ts';
import { signInWithRecoveryCode } from '../src/accounts/sign-in-with-recovery-code.ts';
import { ask, register } from './accounts-people.ts';
import { dump } from './database-dump.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { startTestPicard } from './picard.ts';

const PASSWORDS = ['Quetzalcoatlus over the lake', 'zibblefrobbing all day', 'plughxyzzies were hurt'];
const TYPED_BY_MISTAKE = 'mxyzptlkishhandle';
/** Clear, and so it shows that this search finds what is there. */
const HANDLE = 'clearlyhandled';
const from = { address: '192.0.2.123' };

describe('P40 what the database keeps', () => {
  let database: TestDatabase;
  let kept: string;
  let secrets: string[];
  beforeAll(async () => {
    database = await createTestDatabase();
    const picard = await startTestPicard({ database });
    const { services } = picard.picard;
    const [first = '', second = '', third = ''] = PASSWORDS;
    const person = await register(services, HANDLE, first);
    await signInWithPassword(services, { handle: HANDLE, password: first }, from);
    await signInWithPassword(services, { handle: HANDLE, password: 'wrong password' }, from);
    await signInWithPassword(services, { handle: TYPED_BY_MISTAKE, password: second }, from);
    await signInWithRecoveryCode(services, { handle: HANDLE, code: person.recoveryCodes[0] ?? '' }, from);
    const renewed = await ask<{ recoveryCodes: string[] }>(
      picard,
      person.viewer(),
      'mutation { renewRecoveryCodes { ... on RenewRecoveryCodesPayload { recoveryCodes } } }',
    );
    await ask(
      picard,
      person.viewer(),
      'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { __typename } }',
      { input: { currentPassword: first, newPassword: second } },
    );
    const links = await Promise.all([
      createAccountLink(services, { handle: HANDLE }),
      createAccountLink(services, { handle: HANDLE }),
    ]);
    const [used = '', open = ''] = links.map(({ link }) => link.token);
    await resetPassword(services, { token: used, password: third }, from);
    const claim = (await createFirstClaimLink(services))?.token ?? '';
    const other = (await createFirstClaimLink(services))?.token ?? '';
    const claimed = await claimAccount(
      services,
      { token: claim, handle: 'first-one', password: third },
      from,
    );
    secrets = [
      ...PASSWORDS,
      ...person.recoveryCodes,
      ...renewed.recoveryCodes,
      ...claimed.recoveryCodes,
      used,
      open,
      claim,
      other,
    ];
    // Before the end, so that the log is there that a checkpoint would remove; and after it.
    const whileOpen = await dump(database);
    await picard[Symbol.asyncDispose]();
    kept = whileOpen + (await dump(database));
  });
  afterAll(() => database.remove());

  test('P40 holds no password, no recovery code and no token of a link', () => {
    expect(secrets).toHaveLength(37);
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(15);
      expect(kept).not.toContain(secret);
      expect(kept).not.toContain(secret.replaceAll('-', ''));
      expect(kept).not.toContain(Buffer.from(secret, 'base64url').toString('latin1'));
    }
  });

  test('P40 holds neither addresses nor what was typed where a handle is asked for', () => {
    expect(kept).toContain(HANDLE);
    expect(kept).not.toContain(TYPED_BY_MISTAKE);
    expect(kept).not.toContain(from.address);
  });
});
