import type { Sql } from '../storage/database.ts';
import type { Account } from './account.ts';
import { hashToken, type NewLink, type Purpose } from './account-link.ts';

/** Beside those that were made before. What expired goes. */
export async function insertLink(sql: Sql, ownerId: string, link: NewLink): Promise<void> {
  await sql`delete from account_links where expires_at <= now()`;
  await sql`
    insert into account_links (token_hash, owner_id, purpose, expires_at)
    values (${hashToken(link.token)}, ${ownerId}, ${link.purpose}, ${link.expiresAt})`;
}

/** Whose the link is, while it is good. */
export async function findLinkOwner(sql: Sql, token: string, purpose: Purpose): Promise<Account | null> {
  const [row] = await sql<Account[]>`
    select u.id, u.handle, u.display_name, u.about, u.administrator, u.created_at
    from account_links l join users u on u.id = l.owner_id
    where l.token_hash = ${hashToken(token)} and l.purpose = ${purpose} and l.expires_at > now()`;
  return row ?? null;
}

/** Whether the link was still good: of two who bring it at the same time one is told so. */
export async function takeLink(sql: Sql, token: string, purpose: Purpose): Promise<boolean> {
  const taken = await sql`
    delete from account_links
    where token_hash = ${hashToken(token)} and purpose = ${purpose} and expires_at > now()`;
  return taken.count > 0;
}

/** What the others of this purpose would have led to is done. */
export async function deleteLinks(sql: Sql, ownerId: string, purpose: Purpose): Promise<void> {
  await sql`delete from account_links where owner_id = ${ownerId} and purpose = ${purpose}`;
}
