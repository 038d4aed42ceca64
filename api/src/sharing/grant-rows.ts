import type { Fragment, Sql } from '../storage/database.ts';
import type { Grant, GrantLevel, GrantRule } from './grant.ts';

type GrantRow = Omit<Grant, 'rule'> & {
  [Condition in keyof GrantRule]: GrantRule[Condition] | null;
};

const grant = ({ tags, kinds, sources, thread, ...row }: GrantRow): Grant => ({
  ...row,
  rule:
    row.memoryId === null
      ? { tags: tags ?? [], kinds: kinds ?? [], sources: sources ?? [], thread: thread ?? null }
      : null,
});

const select = (sql: Sql): Fragment => sql`
  select g.id, g.owner_id, g.memory_id, g.tags, g.kinds, g.sources, g.thread, g.audience_id, a.name as group_name,
    g.level, g.expires_at, g.granted_by, g.created_at
  from grants g left join groups a on a.id = g.audience_id`;

/** Until the transaction ends the account or group stays. Null for an account that is not there, a group the viewer is not in. */
export async function lockGrantee(sql: Sql, id: string): Promise<'USER' | 'GROUP' | null> {
  const [row] = await sql<{ kind: 'USER' | 'GROUP' | null }[]>`select lock_grantee(${id}) as kind`;
  return row?.kind ?? null;
}

/** Until the transaction ends the viewer stays, in every group that they are in. */
export async function lockGrantor(sql: Sql): Promise<void> {
  await sql`select lock_grantor()`;
}

/** Null for one that is neither of the viewer's memories nor made by the viewer. */
export async function findGrantRow(sql: Sql, viewerId: string, id: string): Promise<Grant | null> {
  const [row] = await sql<GrantRow[]>`
    ${select(sql)} where g.id = ${id} and (g.owner_id = ${viewerId} or g.granted_by = ${viewerId})`;
  return row ? grant(row) : null;
}

/** As far as the viewer may see them: their own, and those that let them in. */
export async function findGrantRows(sql: Sql, ids: readonly string[]): Promise<Grant[]> {
  return (await sql<GrantRow[]>`${select(sql)} where g.id = any(${[...ids]}::uuid[])`).map(grant);
}

/** Those that the viewer made and that are not over, newest first. */
export async function listGrantRows(
  sql: Sql,
  viewerId: string,
  after: { at: Date; id: string } | null,
  limit: number,
): Promise<Grant[]> {
  const rows = await sql<GrantRow[]>`
    ${select(sql)}
    where g.granted_by = ${viewerId} and (g.expires_at is null or g.expires_at > now())
      ${after ? sql`and (g.created_at, g.id) < (${after.at}, ${after.id})` : sql``}
    order by g.created_at desc, g.id desc limit ${limit}`;
  return rows.map(grant);
}

export interface NewGrant {
  id: string;
  ownerId: string;
  memoryId: string;
  audienceId: string;
  level: GrantLevel;
  expiresAt: Date | null;
  grantedBy: string;
}

/** On one memory each. One that its grantor has made before is changed instead. */
export async function putGrants(sql: Sql, grants: readonly NewGrant[]): Promise<void> {
  const json = grants.map((each) => ({
    owner_id: each.ownerId,
    id: each.id,
    memory_id: each.memoryId,
    audience_id: each.audienceId,
    level: each.level,
    expires_at: each.expiresAt,
    granted_by: each.grantedBy,
  }));
  await sql`
    insert into grants (owner_id, id, memory_id, audience_id, level, expires_at, granted_by)
    select owner_id, id, memory_id, audience_id, level, expires_at, granted_by
    from jsonb_populate_recordset(null::grants, ${sql.json(json)})
    on conflict (owner_id, memory_id, audience_id, granted_by) where memory_id is not null do update
      set level = excluded.level, expires_at = excluded.expires_at
      where (grants.level, grants.expires_at) is distinct from (excluded.level, excluded.expires_at)`;
}

/** The shares of these memories with these audiences that one grantor made; any grantor's without one. */
export async function findDirectGrants(
  sql: Sql,
  memoryIds: readonly string[],
  audienceIds: readonly string[],
  grantedBy: string | null,
): Promise<Grant[]> {
  const rows = await sql<GrantRow[]>`
    ${select(sql)}
    where g.memory_id = any(${[...memoryIds]}::uuid[]) and g.audience_id = any(${[...audienceIds]}::uuid[])
      ${grantedBy === null ? sql`` : sql`and g.granted_by = ${grantedBy}`}
    order by g.created_at, g.id`;
  return rows.map(grant);
}

export async function deleteGrants(sql: Sql, ids: readonly string[]): Promise<void> {
  await sql`delete from grants where id = any(${[...ids]}::uuid[])`;
}

/** How many shares of each memory are not over. */
export async function countGrants(sql: Sql, memoryIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await sql<{ memoryId: string; count: number }[]>`
    select memory_id, count from count_grants(${[...memoryIds]}::uuid[])`;
  return new Map(rows.map(({ memoryId, count }) => [memoryId, count]));
}
