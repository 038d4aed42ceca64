import type { Sql } from '../storage/database.ts';
import type { GrantLevel, GrantRule } from './grant.ts';

const orNull = <Item>(items: readonly Item[]): Item[] | null => (items.length > 0 ? [...items] : null);

/** The share of the same rule with the same audience. */
export async function findRuleGrant(
  sql: Sql,
  ownerId: string,
  audienceId: string,
  rule: GrantRule,
): Promise<string | null> {
  const [row] = await sql<{ id: string }[]>`
    select id from grants
    where owner_id = ${ownerId} and audience_id = ${audienceId} and memory_id is null
      and tags is not distinct from ${orNull(rule.tags)}::text[]
      and kinds is not distinct from ${orNull(rule.kinds)}::text[]
      and sources is not distinct from ${orNull(rule.sources)}::text[]
      and thread is not distinct from ${rule.thread}`;
  return row?.id ?? null;
}

export interface NewRuleGrant {
  id: string;
  ownerId: string;
  rule: GrantRule;
  audienceId: string;
  level: GrantLevel;
  expiresAt: Date | null;
}

export async function insertRuleGrant(sql: Sql, grant: NewRuleGrant): Promise<void> {
  const { rule } = grant;
  await sql`
    insert into grants (owner_id, id, tags, kinds, sources, thread, audience_id, level, expires_at, granted_by)
    values (${grant.ownerId}, ${grant.id}, ${orNull(rule.tags)}::text[], ${orNull(rule.kinds)}::text[],
      ${orNull(rule.sources)}::text[], ${rule.thread}, ${grant.audienceId}, ${grant.level}, ${grant.expiresAt},
      ${grant.ownerId})`;
}

export async function updateRuleGrant(
  sql: Sql,
  ownerId: string,
  id: string,
  level: GrantLevel,
  expiresAt: Date | null,
): Promise<void> {
  await sql`
    update grants set level = ${level}, expires_at = ${expiresAt}
    where owner_id = ${ownerId} and id = ${id}
      and (level, expires_at) is distinct from (${level}, ${expiresAt}::timestamptz)`;
}

/** Rules that are not over. */
export async function countRules(sql: Sql, ownerId: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::integer as count from grants
    where owner_id = ${ownerId} and memory_id is null and (expires_at is null or expires_at > now())`;
  return row?.count ?? 0;
}

/** How many memories a grant lets somebody see at present. */
export async function countCovered(sql: Sql, ownerId: string, grantId: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::integer as count from memory_audiences where owner_id = ${ownerId} and grant_id = ${grantId}`;
  return row?.count ?? 0;
}
