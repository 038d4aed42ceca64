import type { Fragment, Sql } from '../storage/database.ts';
import type { Group, Position } from './group.ts';
import type { GroupRole } from './group-role.ts';

/**
 * Until the transaction ends nobody else changes who is in the group or invited to it.
 * @param inviteeId of an account that the transaction will name.
 * @returns the viewer's role; null where they are not in it, or it is not there.
 */
export async function lockGroup(
  sql: Sql,
  groupId: string,
  inviteeId: string | null = null,
): Promise<GroupRole | null> {
  const [row] = await sql<{ role: GroupRole | null }[]>`select lock_group(${groupId}, ${inviteeId}) as role`;
  return row?.role ?? null;
}

/** With the viewer as its owner; until the transaction ends they join no other group. */
export async function insertGroup(sql: Sql, group: Pick<Group, 'name' | 'about'>): Promise<string> {
  const [row] = await sql<{ id: string }[]>`select create_group(${group.name}, ${group.about}) as id`;
  if (!row) throw new Error('The database made no group');
  return row.id;
}

export async function updateGroup(
  sql: Sql,
  { id, name, about }: Pick<Group, 'id' | 'name' | 'about'>,
): Promise<void> {
  await sql`update groups set name = ${name}, about = ${about} where id = ${id}`;
}

export async function deleteGroup(sql: Sql, id: string): Promise<void> {
  await sql`delete from groups where id = ${id}`;
}

const groupsOf = (sql: Sql, viewerId: string): Fragment => sql`
  select g.id, g.name, g.about, g.created_at, own.role as viewer_role, own.joined_at,
    (select count(*)::integer from group_members m where m.group_id = g.id) as member_count
  from group_members own join groups g on g.id = own.group_id
  where own.user_id = ${viewerId}`;

/** Null for a group that the viewer is not in. */
export async function findGroup(sql: Sql, viewerId: string, id: string): Promise<Group | null> {
  const [row] = await sql<Group[]>`${groupsOf(sql, viewerId)} and g.id = ${id}`;
  return row ?? null;
}

/** Those of them that the viewer is in. */
export async function findGroups(sql: Sql, viewerId: string, ids: readonly string[]): Promise<Group[]> {
  return sql<Group[]>`${groupsOf(sql, viewerId)} and g.id = any (${[...ids]}::uuid[])`;
}

/** Those that the viewer is in, the last one they joined first. */
export async function listGroups(
  sql: Sql,
  viewerId: string,
  after: Position | null,
  limit: number,
): Promise<Group[]> {
  return sql<Group[]>`
    ${groupsOf(sql, viewerId)} ${after ? sql`and (own.joined_at, own.group_id) < (${after.at}, ${after.id})` : sql``}
    order by own.joined_at desc, own.group_id desc limit ${limit}`;
}

export async function countGroups(sql: Sql, viewerId: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::integer as count from group_members where user_id = ${viewerId}`;
  return row?.count ?? 0;
}
