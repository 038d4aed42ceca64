import type { Sql } from '../storage/database.ts';
import type { AccessLevel } from './level-rows.ts';
import { letIn, visibleTo } from './visible.ts';

export interface AccessRow {
  /** The owner, a person, a group, or everyone. */
  audienceId: string;
  /** Null where the audience is no group. */
  groupName: string | null;
  level: AccessLevel;
  path: 'OWNER' | 'PUBLIC' | 'RULE' | 'GROUP' | 'DIRECT';
  grantId: string | null;
  expiresAt: Date | null;
  /** The owner first, then everyone, then the others in the order in which it was shared. */
  at: Date;
  id: string;
}

/**
 * Who may see a memory now. The owner learns of all; others of the owner, of what lets themselves in, and of whom they passed
 * it on to.
 */
export async function listAccessRows(
  sql: Sql,
  viewerId: string,
  memoryId: string,
  after: { at: Date; id: string } | null,
  limit: number,
): Promise<AccessRow[]> {
  return sql<AccessRow[]>`
    with seen as (
      select m.owner_id, m.id from memories m where m.id = ${memoryId} and ${visibleTo(sql, viewerId)}
    ), entries as (
      select m.owner_id as audience_id, null::text as group_name, 'OWNER' as level, 'OWNER' as path, null::uuid as grant_id,
        null::timestamptz as expires_at, to_timestamp(0) as at, m.owner_id as id
      from seen m
      union all
      select a.audience_id, t.name, a.level,
        case when a.audience_id = picard_everyone() then 'PUBLIC' when g.memory_id is null then 'RULE'
          when t.id is not null then 'GROUP' else 'DIRECT' end,
        g.id, a.expires_at, coalesce(g.created_at, to_timestamp(0) + interval '1 second'), a.grant_id
      from seen m join memory_audiences a on a.owner_id = m.owner_id and a.memory_id = m.id
      left join grants g on g.owner_id = a.owner_id and g.id = a.grant_id
      left join groups t on t.id = a.audience_id
      where (a.owner_id = ${viewerId} and (a.expires_at is null or a.expires_at > now())) or (${letIn(sql)})
      union all
      select g.audience_id, t.name, g.level, case when t.id is not null then 'GROUP' else 'DIRECT' end,
        g.id, nullif(least(coalesce(g.expires_at, 'infinity'), shareable_until(m.owner_id, m.id)), 'infinity'),
        g.created_at, g.id
      from seen m join grants g on g.owner_id = m.owner_id and g.memory_id = m.id
      left join groups t on t.id = g.audience_id
      where g.granted_by = ${viewerId} and g.owner_id <> ${viewerId} and (g.expires_at is null or g.expires_at > now())
        and g.audience_id <> all ((select picard_audiences())::uuid[])
        and shareable_until(m.owner_id, m.id) is not null
    )
    select * from entries
    ${after ? sql`where (at, id) > (${after.at}, ${after.id}::uuid)` : sql``}
    order by at, id limit ${limit}`;
}
