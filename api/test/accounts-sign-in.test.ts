import * as argon2 from '@node-rs/argon2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPasswords, PARAMETERS } from '../src/accounts/password-hash.ts';
import { registerAccount } from '../src/accounts/register-account.ts';
import { signInWithPassword } from '../src/accounts/sign-in-with-password.ts';
import { signInWithRecoveryCode } from '../src/accounts/sign-in-with-recovery-code.ts';
import type { Services } from '../src/services.ts';
import { anywhere, PASSWORD, register } from './accounts-people.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
let services: Services;
beforeAll(async () => {
  picard = await startTestPicard();
  services = picard.picard.services;
});
afterAll(() => picard[Symbol.asyncDispose]());

const signIn = async (handle: string, password: string, from = anywhere()): Promise<string | null> =>
  (await signInWithPassword(services, { handle, password }, from))?.handle ?? null;

describe('P40 registration', () => {
  test('P40 makes an account with a password, a data key and ten recovery codes', async () => {
    const { account, recoveryCodes } = await registerAccount(
      services,
      { handle: 'ada', displayName: ' Ada ', password: PASSWORD },
      anywhere(),
    );
    expect(account).toMatchObject({ handle: 'ada', displayName: 'Ada', about: '', administrator: false });
    expect(new Set(recoveryCodes).size).toBe(10);
    const rows = await services.database.asOwner(
      (sql) => sql`select claimed_at is not null as claimed,
        (select count(*)::integer from data_keys where owner_id = users.id) as data_keys,
        (select count(*)::integer from api_keys where owner_id = users.id) as api_keys,
        (select count(*)::integer from recovery_codes where owner_id = users.id) as codes
        from users where id = ${account.id}`,
    );
    expect(rows).toEqual([{ claimed: true, dataKeys: 1, apiKeys: 0, codes: 10 }]);
  });

  test('P40 gives a handle once, also to many who ask at the same time, and keeps nothing of the others', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 5 }, () =>
        registerAccount(services, { handle: 'wanted', password: PASSWORD }, anywhere()),
      ),
    );
    const refused = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [(outcome.reason as { code: string }).code] : [],
    );
    expect(refused).toEqual(Array.from({ length: 4 }, () => 'HANDLE_TAKEN'));
    const lost = await services.database.asOwner(
      (sql) => sql`select from passwords where owner_id not in (select id from users)`,
    );
    expect(lost).toHaveLength(0);
  });

  test.each([
    ['password', { handle: 'short', password: 'short' }],
    ['password', { handle: 'longhandle', password: 'LongHandle' }],
    ['password', { handle: 'common', password: '1234567890' }],
    ['handle', { handle: 'No Handle', password: PASSWORD }],
    ['displayName', { handle: 'fine', displayName: ' ', password: PASSWORD }],
  ])('P40 refuses %s of %j', async (field, input) => {
    await expect(registerAccount(services, input, anywhere())).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      field,
    });
  });

  test('P40 can be closed, and then an administrator alone makes accounts', async () => {
    await using closed = await startTestPicard({ env: { PICARD_REGISTRATION: 'closed' } });
    const attempt = registerAccount(
      closed.picard.services,
      { handle: 'late', password: PASSWORD },
      anywhere(),
    );
    await expect(attempt).rejects.toMatchObject({ code: 'REGISTRATION_CLOSED' });
    expect(await closed.account('invited')).toMatch(/^picard_/);
  });
});

describe('P40 signing in with a password', () => {
  test('P40 answers the account for the right one, however the handle is typed', async () => {
    await register(services, 'grace');
    expect(await signIn('grace', PASSWORD)).toBe('grace');
    expect(await signIn(' Grace ', PASSWORD)).toBe('grace');
  });

  test.each([
    ['a wrong password', 'grace', 'a loud lake at 5 am'],
    ['no password', 'grace', ''],
    ['a handle that nobody has', 'nobody-at-all', PASSWORD],
    ['a handle that nobody can have', '\u0000\ud800 %_', PASSWORD],
    ['an account that nobody has claimed', 'admin', PASSWORD],
    ['a password of a megabyte', 'grace', 'x'.repeat(1_000_000)],
  ])('P40 answers nothing for %s', async (_what, handle, password) => {
    expect(await signIn(handle, password)).toBeNull();
  });

  test('P40 does the same work for whoever there is and whoever there is not', async () => {
    const person = await register(services, 'measured');
    const done: string[] = [];
    const counting = createPasswords({
      hash: async (password, options) => {
        done.push('argon2');
        return argon2.hash(password, options);
      },
      verify: async (hash, password) => {
        done.push('argon2');
        return argon2.verify(hash, password);
      },
    });
    const statements: string[] = [];
    const { database } = services;
    const watched: Services = {
      ...services,
      database: {
        ...database,
        forAccounts: (work) => {
          statements.push('forAccounts');
          return database.forAccounts(work);
        },
      },
      signIn: { ...services.signIn, passwords: counting },
    };
    const work = async (handle: string): Promise<unknown> => {
      done.length = 0;
      statements.length = 0;
      const password = 'not the password';
      expect(await signInWithPassword(watched, { handle, password }, anywhere())).toBeNull();
      return [[...done], statements.length];
    };
    const known = await work(person.handle);
    expect(known).toEqual([['argon2'], 1]);
    expect(await work('nobody-there')).toEqual(known);
    expect(await work('admin')).toEqual(known);
  });

  test('P40 hashes the password anew when the parameters have changed since', async () => {
    const { id } = await register(services, 'old-timer');
    const weak = await argon2.hash(PASSWORD, { ...PARAMETERS, memoryCost: 8_192 });
    const kept = (): Promise<string> =>
      services.database.asOwner(async (sql) => {
        const [row] = await sql<{ hash: string }[]>`select hash from passwords where owner_id = ${id}`;
        return row?.hash ?? '';
      });
    await services.database.asOwner((sql) => sql`update passwords set hash = ${weak} where owner_id = ${id}`);
    expect(await signIn('old-timer', 'wrong password')).toBeNull();
    expect(await kept()).toBe(weak);
    expect(await signIn('old-timer', PASSWORD)).toBe('old-timer');
    const stronger = await kept();
    expect(stronger).toContain('m=19456');
    expect(await signIn('old-timer', PASSWORD)).toBe('old-timer');
    expect(await kept()).toBe(stronger);
  });
});

describe('P40 signing in with a recovery code', () => {
  const recover = async (handle: string, code: string): Promise<string | null> =>
    (await signInWithRecoveryCode(services, { handle, code }, anywhere()))?.handle ?? null;

  test('P40 each is good once, for its own account alone', async () => {
    const [one, other] = [await register(services, 'forgetful'), await register(services, 'neighbour')];
    const [first = '', second = ''] = one.recoveryCodes;
    expect(await recover(other.handle, first)).toBeNull();
    expect(await recover('nobody-at-all', first)).toBeNull();
    expect(await recover(one.handle, 'aaaa-aaaa-aaaa-aaaa')).toBeNull();
    expect(await recover(one.handle, first.toUpperCase().replaceAll('-', ' '))).toBe('forgetful');
    expect(await recover(one.handle, first)).toBeNull();
    expect(await recover(one.handle, second)).toBe('forgetful');
  });

  test('P40 of many who bring the same code at once, one gets in', async () => {
    const { handle, recoveryCodes } = await register(services, 'crowd');
    const all = await Promise.all(Array.from({ length: 8 }, () => recover(handle, recoveryCodes[3] ?? '')));
    expect(all.filter((each) => each === handle)).toHaveLength(1);
    expect(all.filter((each) => each === null)).toHaveLength(7);
  });
});
