import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerAccount } from '../src/accounts/register-account.ts';
import { signInWithPassword } from '../src/accounts/sign-in-with-password.ts';
import { signInWithRecoveryCode } from '../src/accounts/sign-in-with-recovery-code.ts';
import { LIMITS } from '../src/accounts/sign-in-limits.ts';
import { createThrottle } from '../src/accounts/throttle.ts';
import { anywhere, PASSWORD, register } from './accounts-people.ts';
import { createTestDatabase } from './database.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import type { Services } from '../src/services.ts';

let picard: TestPicard;
let services: Services;
beforeAll(async () => {
  picard = await startTestPicard();
  services = picard.picard.services;
});
afterAll(() => picard[Symbol.asyncDispose]());

const limits = { few: { points: 20, seconds: 600 }, other: { points: 1, seconds: 600 } };
const outcome = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (answer) => (answer === null ? 'no' : 'yes'),
    (error: unknown) => Reflect.get(Object(error), 'code'),
  );
const tally = (outcomes: readonly unknown[]): Record<string, number> =>
  Object.fromEntries(
    [...new Set(outcomes)].map((each) => [String(each), outcomes.filter((one) => one === each).length]),
  );

describe('limits', () => {
  test('are exact, also when two instances of the limiter count at the same time', async () => {
    const instances = [0, 1].map(() => createThrottle(services.database, limits));
    const attempts = instances.flatMap((throttle) =>
      Array.from({ length: 30 }, () => outcome(throttle.take('few', 'shared'))),
    );
    expect(tally(await Promise.all(attempts))).toEqual({ yes: 20, TOO_MANY_ATTEMPTS: 40 });
  });

  test.runIf(process.env['PICARD_TEST_DATABASE_URL'])('are exact across processes', async () => {
    await using other = await startTestPicard({ database: picard.database });
    const instances = [services, other.picard.services].map(({ database }) =>
      createThrottle(database, limits),
    );
    const attempts = instances.flatMap((throttle) =>
      Array.from({ length: 30 }, () => outcome(throttle.take('few', 'processes'))),
    );
    expect(tally(await Promise.all(attempts))).toEqual({ yes: 20, TOO_MANY_ATTEMPTS: 40 });
  });

  test('say when to come back, count each key and each name by itself, and give back', async () => {
    const throttle = createThrottle(services.database, limits);
    await throttle.take('other', 'one');
    const refused = await throttle.take('other', 'one').catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
    const { retryAfterSeconds } = refused as { retryAfterSeconds: number };
    expect(retryAfterSeconds).toBeGreaterThan(590);
    expect(retryAfterSeconds).toBeLessThanOrEqual(600);
    await throttle.take('other', 'another');
    await throttle.take('few', 'one');
    await throttle.forget('other', 'one');
    await throttle.take('other', 'one');
    await throttle.giveBack('other', 'one');
    await throttle.take('other', 'one');
    expect(await throttle.marked('other', 'x'.repeat(10_000))).toBe(false);
    await throttle.mark('other', 'x'.repeat(10_000));
    expect(await throttle.marked('other', 'x'.repeat(10_000))).toBe(true);
  });

  test('end with their time', async () => {
    const throttle = createThrottle(services.database, limits);
    await throttle.take('other', 'late');
    expect(await outcome(throttle.take('other', 'late'))).toBe('TOO_MANY_ATTEMPTS');
    await services.database.asOwner(
      (sql) => sql`update rate_limits set expire = ${Date.now() - 1} where key like 'other:%'`,
    );
    expect(await outcome(throttle.take('other', 'late'))).toBe('yes');
  });

  test('are held by each process alone while the database is away', async () => {
    const { dataFolder, databaseUrl, remove } = await createTestDatabase();
    const gone = { forAccounts: () => Promise.reject(new Error(`${dataFolder} ${databaseUrl} is away`)) };
    const throttle = createThrottle(gone, limits);
    const outcomes: unknown[] = [];
    for (let attempt = 0; attempt < 25; attempt += 1) outcomes.push(await outcome(throttle.take('few', 'x')));
    expect(tally(outcomes)).toEqual({ yes: 20, TOO_MANY_ATTEMPTS: 5 });
    await remove();
  });
});

describe('P40 attempts to sign in', () => {
  const attempt = (handle: string, password: string, address: string): Promise<unknown> =>
    outcome(signInWithPassword(services, { handle, password }, { address }));
  const fail = (handle: string, address: string, times: number): Promise<unknown[]> =>
    Promise.all(Array.from({ length: times }, () => attempt(handle, 'not the password', address)));
  const here = LIMITS['password-here'].points;

  test('P40 are few at one account from one address, also at the same time, and right ones are not tried then', async () => {
    await register(services, 'target');
    const { address } = anywhere();
    expect(tally(await fail('target', address, here + 5))).toEqual({ no: here, TOO_MANY_ATTEMPTS: 5 });
    expect(await attempt('target', PASSWORD, address)).toBe('TOO_MANY_ATTEMPTS');
    expect(await attempt('target', PASSWORD, anywhere().address)).toBe('yes');
    expect(await attempt('admin', PASSWORD, address)).toBe('no');
  });

  test('P40 of a handle that nobody has are limited alike', async () => {
    const { address } = anywhere();
    expect(tally(await fail('not-anybody', address, here + 5))).toEqual({ no: here, TOO_MANY_ATTEMPTS: 5 });
  });

  test('P40 that succeed cost nothing', async () => {
    await register(services, 'busy');
    const { address } = anywhere();
    for (let round = 0; round < 3; round += 1) {
      expect(tally(await fail('busy', address, here - 1))).toEqual({ no: here - 1 });
      expect(await attempt('busy', PASSWORD, address)).toBe('yes');
    }
  });

  test('P40 from one /64 count together', async () => {
    await register(services, 'six');
    for (let host = 0; host < here; host += 1)
      expect(await attempt('six', 'wrong password', `2001:db8:1:2::${host}`)).toBe('no');
    expect(await attempt('six', PASSWORD, '2001:db8:1:2:ffff::1')).toBe('TOO_MANY_ATTEMPTS');
    expect(await attempt('six', PASSWORD, '2001:db8:1:3::1')).toBe('yes');
  });

  test('P40 of others from everywhere do not lock the owner out', async () => {
    const { recoveryCodes } = await register(services, 'besieged');
    const home = anywhere().address;
    expect(await attempt('besieged', PASSWORD, home)).toBe('yes');
    // As many as a botnet has made within the hour.
    const { points } = LIMITS['password-account'];
    for (let taken = 0; taken < points; taken += 1)
      await services.signIn.throttle.take('password-account', 'besieged');
    expect(await attempt('besieged', 'wrong password', anywhere().address)).toBe('TOO_MANY_ATTEMPTS');
    expect(await attempt('besieged', PASSWORD, home)).toBe('yes');
    const code = { handle: 'besieged', code: recoveryCodes[0] ?? '' };
    const elsewhere = anywhere();
    expect(await outcome(signInWithRecoveryCode(services, code, elsewhere))).toBe('yes');
    // From where the owner has come in once, the password is taken again.
    expect(await attempt('besieged', PASSWORD, elsewhere.address)).toBe('yes');
  });

  test('P40 at many accounts from one address are limited too', async () => {
    const { address } = anywhere();
    const { points } = LIMITS['password-address'];
    for (let taken = 0; taken < points; taken += 1)
      await services.signIn.throttle.take('password-address', address);
    expect(await attempt('target', PASSWORD, address)).toBe('TOO_MANY_ATTEMPTS');
  });

  test('P40 by guessed recovery codes are fewer still', async () => {
    await register(services, 'guessed');
    const from = anywhere();
    const guess = (): Promise<unknown> =>
      outcome(signInWithRecoveryCode(services, { handle: 'guessed', code: 'aaaa-aaaa' }, from));
    const { points } = LIMITS['recovery-here'];
    expect(tally(await Promise.all(Array.from({ length: points + 3 }, guess)))).toEqual({
      no: points,
      TOO_MANY_ATTEMPTS: 3,
    });
  });
});

test('P40 registrations of one address are limited', async () => {
  const from = anywhere();
  const { points } = LIMITS.register;
  for (let taken = 0; taken < points; taken += 1)
    await services.signIn.throttle.take('register', from.address);
  const late = registerAccount(services, { handle: 'one-more', password: PASSWORD }, from);
  expect(await outcome(late)).toBe('TOO_MANY_ATTEMPTS');
});
