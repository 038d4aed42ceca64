import { randomBytes, randomUUID } from 'node:crypto';
import { LONGEST_TOKEN_SECONDS } from '../src/accounts/access-token-life.ts';
import type { Database } from '../src/storage/database.ts';

/** What the authorization server keeps of one connected app and the browser session that it was connected in. */
export async function grant(database: Database, accountId: string, grantId: string): Promise<void> {
  const rows = [
    { model: 'Grant', grantId },
    { model: 'RefreshToken', grantId },
    { model: 'AuthorizationCode', grantId },
    { model: 'Session', grantId: null },
  ];
  await database.forAccounts(async (sql) => {
    for (const row of rows)
      await sql`
        insert into oauth_models (model, id_hash, sealed, grant_id, account_id, client_id)
        values (${row.model}, ${randomBytes(32)}, ${randomBytes(8)}, ${row.grantId}, ${accountId}, 'an-app')`;
    await sql`
      insert into sessions (owner_id, id, uid_hash, user_agent)
      values (${accountId}, ${randomUUID()}, ${randomBytes(32)}, 'a browser')`;
  });
}

/** The grants that live, each once; `null` for what belongs to no grant. */
export async function grantsOf(database: Database, accountId: string): Promise<(string | null)[]> {
  const rows = await database.asOwner(
    (sql) => sql<{ grantId: string | null }[]>`
      select distinct grant_id from oauth_models where account_id = ${accountId} and grant_id is not null
      order by 1`,
  );
  return rows.map((row) => row.grantId);
}

export async function sessionsOf(database: Database, accountId: string): Promise<number> {
  const [row] = await database.asOwner(
    (sql) => sql<{ count: number }[]>`
      select (select count(*) from sessions where owner_id = ${accountId})::integer
        + (select count(*) from oauth_models where account_id = ${accountId} and model = 'Session')::integer as count`,
  );
  return row?.count ?? 0;
}

/** Grants whose tokens are refused now and for as long as any of them could live. */
export async function revokedOf(database: Database): Promise<string[]> {
  const rows = await database.asOwner(
    (sql) => sql<{ key: string }[]>`
      select key from revoked_tokens
      where kind = 'grant' and expires_at between now() + make_interval(secs => ${LONGEST_TOKEN_SECONDS - 60})
        and now() + make_interval(secs => ${LONGEST_TOKEN_SECONDS})
      order by 1`,
  );
  return rows.map(({ key }) => key);
}
