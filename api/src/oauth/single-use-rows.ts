import type { Sql } from '../storage/database.ts';
import type { ModelRow } from './model-rows.ts';

export interface LockedRow extends ModelRow {
  /** It was used before the request that asks for it came. */
  consumedBefore: boolean;
  /** And not longer before than a client needs to see that it got no answer. */
  consumedLately: boolean;
}

/** Requests that come this close to each other were sent side by side, and are no second try. */
const PARALLEL_MS = 250;
/** How long a client that got no answer may ask again with the same refresh token. */
const REPLAY_SECONDS = 30;

/**
 * Reads what may be used once, and keeps it and all of its grant from others until the transaction ends. The grant is
 * locked first, so that two who revoke it do not wait for each other.
 * @param age milliseconds since the request came, by a clock that only counts: the database's own is compared with.
 */
export async function lockModel(
  sql: Sql,
  model: string,
  idHash: Buffer,
  age: number,
): Promise<LockedRow | null> {
  const [found] = await sql<{ grantId: string | null; cameAt: string }[]>`
    select grant_id, (clock_timestamp() - make_interval(secs => ${age / 1000}))::text as came_at
    from oauth_models where model = ${model} and id_hash = ${idHash}`;
  if (!found) return null;
  if (found.grantId) await lockGrant(sql, found.grantId);
  const [row] = await sql<LockedRow[]>`
    select id_hash, sealed, grant_id, consumed_at,
      coalesce(consumed_at + make_interval(secs => ${PARALLEL_MS / 1000}) < ${found.cameAt}::text::timestamptz, false)
        as consumed_before,
      coalesce(consumed_at > now() - make_interval(secs => ${REPLAY_SECONDS}), false) as consumed_lately
    from oauth_models where model = ${model} and id_hash = ${idHash} for update`;
  return row ?? null;
}

/** Until the transaction ends nobody else uses or revokes what came of this grant. */
export async function lockGrant(sql: Sql, grantId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`oauth grant ${grantId}`}, 0))`;
}

/** False if somebody was before. */
export async function consumeModel(sql: Sql, model: string, idHash: Buffer): Promise<boolean> {
  const { count } = await sql`
    update oauth_models set consumed_at = clock_timestamp()
    where model = ${model} and id_hash = ${idHash} and consumed_at is null`;
  return count > 0;
}

/**
 * Makes a used refresh token good again, in place of its successor, which nobody has used. Whoever shows that one later
 * is somebody else, so it is kept as one that was used long ago.
 */
export async function replaceUnusedSuccessor(sql: Sql, idHash: Buffer): Promise<boolean> {
  const { count } = await sql`
    update oauth_models set consumed_at = now() - interval '1 day'
    where model = 'RefreshToken' and replaces = ${idHash} and consumed_at is null`;
  if (count !== 1) return false;
  await sql`update oauth_models set consumed_at = null where model = 'RefreshToken' and id_hash = ${idHash}`;
  return true;
}
