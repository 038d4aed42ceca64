import type { Sql } from '../storage/database.ts';

export interface Swept {
  models: number;
  clients: number;
}

/**
 * Deletes what has expired, and clients that registered long enough ago and were never allowed anything: some hosts
 * register anew at each connection.
 */
export async function sweep(sql: Sql, unusedClientHours: number): Promise<Swept> {
  // A replayed token must be known for what it is as long as clocks may differ.
  const { count: models } =
    await sql`delete from oauth_models where expires_at < now() - interval '1 minute'`;
  await sql`delete from revoked_tokens where expires_at < now()`;
  await sql`delete from signing_keys where expires_at < now()`;
  await sql`
    delete from sessions s where not exists (
      select from oauth_models m where m.model = 'Session' and m.uid_hash = s.uid_hash)`;
  const { count: clients } = await sql`
    with unused as (
      delete from oauth_models where model = 'Client' and consumed_at is null
        and created_at < now() - make_interval(hours => ${unusedClientHours}) returning client_id
    ), managed as (
      delete from oauth_models m using unused
      where m.model = 'RegistrationAccessToken' and m.client_id = unused.client_id
    )
    select client_id from unused`;
  return { models, clients };
}
