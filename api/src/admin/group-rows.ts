import type { Sql } from '../storage/database.ts';

/** A group as an administrator sees it: not what it is about, and not what is shared with it. */
export interface ManagedGroup {
  id: string;
  name: string;
  createdAt: Date;
  members: number;
}

/** The newest first, from behind the place. @param search a part of the name, in any case */
export async function listManagedGroups(
  sql: Sql,
  search: string | null,
  after: { at: Date; id: string } | null,
  limit: number,
): Promise<ManagedGroup[]> {
  return sql<ManagedGroup[]>`
    select g.id, g.name, g.created_at,
      (select count(*)::integer from group_members m where m.group_id = g.id) as members
    from (
      select id, name, created_at from groups where true
        ${search === null ? sql`` : sql`and position(lower(${search}) in lower(name)) > 0`}
        ${after ? sql`and (created_at, id) < (${after.at}, ${after.id})` : sql``}
      order by created_at desc, id desc limit ${limit}) g
    order by g.created_at desc, g.id desc`;
}

export async function deleteManagedGroup(sql: Sql, id: string): Promise<boolean> {
  return (await sql`delete from groups where id = ${id}`).count > 0;
}
