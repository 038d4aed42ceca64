import { afterAll, beforeAll, expect, test } from 'vitest';
import { inRequestTransaction, RequestTooSlow, writing } from '../src/oauth/request-transaction.ts';
import { revokeToken } from '../src/oauth/revoked-rows.ts';
import type { Database } from '../src/storage/database.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
let database: Database;
beforeAll(async () => {
  picard = await startTestPicard();
  ({ database } = picard.picard.services);
});
afterAll(() => picard[Symbol.asyncDispose]());

const revoked = (id: string): Promise<boolean> =>
  database.forAccounts(
    async (sql) => (await sql`select from revoked_tokens where kind = 'token' and key = ${id}`).count > 0,
  );

test('what a request has written is kept when it says so, and only then', async () => {
  for (const keep of [true, false]) {
    await inRequestTransaction(database, async () => {
      await writing(database, (sql) => revokeToken(sql, `kept ${keep}`));
      return keep;
    });
    expect(await revoked(`kept ${keep}`)).toBe(keep);
  }
});

test('a request that hangs lets go of what it has locked after a while, and nothing of it is kept', async () => {
  const locked = Promise.withResolvers<void>();
  const hanging = Promise.withResolvers<void>();
  const outcome = inRequestTransaction(
    database,
    async () => {
      await writing(database, (sql) => revokeToken(sql, 'hanging'));
      locked.resolve();
      await hanging.promise;
      return true;
    },
    50,
  ).catch((error: unknown) => error);
  await locked.promise;
  // Writes the same row, for which it has to wait.
  await database.forAccounts((sql) => revokeToken(sql, 'hanging'));
  await database.forAccounts((sql) => sql`delete from revoked_tokens where key = 'hanging'`);
  hanging.resolve();
  expect(await outcome).toBeInstanceOf(RequestTooSlow);
  expect(await revoked('hanging')).toBe(false);
});

test('what such a request writes after its end is refused, and reaches nobody else’s transaction', async () => {
  const outcome = inRequestTransaction(
    database,
    async () => {
      await writing(database, (sql) => revokeToken(sql, 'early'));
      // Done when the first transaction has let go.
      await database.forAccounts((sql) => revokeToken(sql, 'early'));
      await writing(database, (sql) => revokeToken(sql, 'late'));
      return true;
    },
    50,
  ).catch((error: unknown) => error);
  expect(await outcome).toMatchObject({ name: 'TransactionOver' });
  expect(await revoked('late')).toBe(false);
});
