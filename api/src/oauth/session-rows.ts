import { randomUUID } from 'node:crypto';
import type { Sql } from '../storage/database.ts';
import type { Session } from './session.ts';

/** Remembers where an account is signed in, or that it was seen there again. */
export async function rememberSession(
  sql: Sql,
  { ownerId, uidHash, userAgent }: { ownerId: string; uidHash: Buffer; userAgent: string },
): Promise<void> {
  await sql`
    insert into sessions (owner_id, id, uid_hash, user_agent)
    values (${ownerId}, ${randomUUID()}, ${uidHash}, ${userAgent})
    on conflict (uid_hash) do update
      set owner_id = excluded.owner_id, user_agent = excluded.user_agent, last_seen_at = now()`;
}

const alive = (sql: Sql) => sql`exists (
  select from oauth_models m where m.model = 'Session' and m.uid_hash = sessions.uid_hash and m.expires_at > now())`;

/** Those that are still good, last seen first. */
export async function listSessions(sql: Sql, ownerId: string, limit: number): Promise<Session[]> {
  return sql<Session[]>`
    select id, user_agent, created_at, last_seen_at from sessions
    where owner_id = ${ownerId} and ${alive(sql)} order by last_seen_at desc, id limit ${limit}`;
}

/** False if the account has no such session. */
export async function deleteSession(sql: Sql, ownerId: string, id: string): Promise<boolean> {
  const [row] = await sql<{ uidHash: Buffer }[]>`
    delete from sessions where owner_id = ${ownerId} and id = ${id} returning uid_hash`;
  if (!row) return false;
  await sql`delete from oauth_models where model = 'Session' and uid_hash = ${row.uidHash}`;
  return true;
}
