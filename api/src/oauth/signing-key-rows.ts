import type { Sql } from '../storage/database.ts';

export interface SigningKeyRow {
  id: string;
  sealed: Buffer;
  signsFrom: Date;
}

/** Until the transaction ends nobody else makes a signing key. */
export async function lockSigningKeys(sql: Sql): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('oauth_signing_keys'))`;
}

/** Those that tokens may bear, the newest first. */
export async function listSigningKeys(sql: Sql): Promise<SigningKeyRow[]> {
  return sql<SigningKeyRow[]>`
    select id, sealed, signs_from from signing_keys
    where expires_at is null or expires_at > now() order by signs_from desc, id`;
}

/** The newest key, if there is one, and whether it has signed for so long that another should follow. */
export async function findNewestKey(
  sql: Sql,
  longestDays: number,
): Promise<{ signsFrom: Date; waiting: boolean; old: boolean } | null> {
  const [row] = await sql<{ signsFrom: Date; waiting: boolean; old: boolean }[]>`
    select signs_from, signs_from > now() as waiting, signs_from < now() - make_interval(days => ${longestDays}) as old
    from signing_keys order by signs_from desc limit 1`;
  return row ?? null;
}

/** @param delay seconds until it signs: by then everybody has read it. */
export async function insertSigningKey(
  sql: Sql,
  key: { id: string; publicJwk: object; sealed: Buffer; delay: number },
): Promise<Date> {
  const [row] = await sql<{ signsFrom: Date }[]>`
    insert into signing_keys (id, public_jwk, sealed, signs_from)
    values (${key.id}, ${sql.json(key.publicJwk as never)}, ${key.sealed}, now() + make_interval(secs => ${key.delay}))
    returning signs_from`;
  if (!row) throw new Error('The database kept no signing key');
  return row.signsFrom;
}

/** The keys before the newest go when the last token that they signed has ended. */
export async function expireFormerKeys(
  sql: Sql,
  newestId: string,
  longestTokenSeconds: number,
): Promise<void> {
  await sql`
    update signing_keys former set expires_at = newest.signs_from + make_interval(secs => ${longestTokenSeconds})
    from signing_keys newest
    where newest.id = ${newestId} and former.id <> newest.id and former.expires_at is null`;
}

/** Answers how many there were. */
export async function deleteSigningKeys(sql: Sql): Promise<number> {
  return (await sql`delete from signing_keys`).count;
}
