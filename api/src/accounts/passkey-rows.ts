import type { Sql } from '../storage/database.ts';
import type { Passkey, PasskeyKey } from './passkey.ts';

const columns = (sql: Sql) => sql`credential_id as id, name, created_at, last_used_at`;

/** Oldest first. */
export async function listPasskeys(
  sql: Sql,
  ownerId: string,
): Promise<(Passkey & { transports: string[] })[]> {
  return sql<(Passkey & { transports: string[] })[]>`
    select ${columns(sql)}, transports from passkeys where owner_id = ${ownerId} order by created_at, credential_id`;
}

export async function insertPasskey(
  sql: Sql,
  ownerId: string,
  { id, name, createdAt }: Passkey,
  { publicKey, counter, transports }: PasskeyKey,
): Promise<void> {
  await sql`
    insert into passkeys (owner_id, credential_id, name, public_key, counter, transports, created_at)
    values (${ownerId}, ${id}, ${name}, ${publicKey}, ${counter}, ${transports}, ${createdAt})`;
}

export async function renamePasskey(
  sql: Sql,
  ownerId: string,
  id: string,
  name: string,
): Promise<Passkey | null> {
  const [row] = await sql<Passkey[]>`
    update passkeys set name = ${name} where owner_id = ${ownerId} and credential_id = ${id} returning ${columns(sql)}`;
  return row ?? null;
}

export async function deletePasskey(sql: Sql, ownerId: string, id: string): Promise<boolean> {
  return (await sql`delete from passkeys where owner_id = ${ownerId} and credential_id = ${id}`).count > 0;
}

export async function findPasskeyKey(
  sql: Sql,
  id: string,
): Promise<(PasskeyKey & { ownerId: string }) | null> {
  const [row] = await sql<(PasskeyKey & { ownerId: string })[]>`
    select owner_id, public_key, counter::float8 as counter, transports from passkeys where credential_id = ${id}`;
  return row ?? null;
}

/** Whether the counter went on from where it was; one that stays at zero does not count (WebAuthn section 6.1.1). */
export async function usePasskey(sql: Sql, id: string, counter: number): Promise<boolean> {
  const used = await sql`
    update passkeys set counter = ${counter}, last_used_at = now()
    where credential_id = ${id} and (counter < ${counter}::bigint or (counter = 0 and ${counter}::bigint = 0))`;
  return used.count > 0;
}

/** @param ownerId null for a sign-in. What expired goes. */
export async function insertChallenge(
  sql: Sql,
  challenge: string,
  ownerId: string | null,
  seconds: number,
): Promise<void> {
  await sql`delete from passkey_challenges where expires_at <= now()`;
  await sql`
    insert into passkey_challenges (challenge, owner_id, expires_at)
    values (${challenge}, ${ownerId}, now() + make_interval(secs => ${seconds}))`;
}

/** Whether the challenge was given out and not answered yet: of two who answer it one is told so. */
export async function takeChallenge(sql: Sql, challenge: string, ownerId: string | null): Promise<boolean> {
  const taken = await sql`
    delete from passkey_challenges
    where challenge = ${challenge} and owner_id is not distinct from ${ownerId} and expires_at > now()`;
  return taken.count > 0;
}
