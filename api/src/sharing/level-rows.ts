import type { Fragment, Sql } from '../storage/database.ts';
import { letIn, visibleTo } from './visible.ts';

/** What somebody may do with a memory. */
export type AccessLevel = 'OWNER' | 'SHARE' | 'WRITE' | 'READ';

/** What the viewer may do with a memory, and until when they may pass it on. */
export interface Standing {
  memoryId: string;
  ownerId: string;
  level: AccessLevel;
  /** Null: without end. Of a meaning for the level SHARE alone. */
  shareUntil: Date | null;
}

const lets = (sql: Sql): Fragment => sql`
  from memory_audiences a where a.owner_id = m.owner_id and a.memory_id = m.id and ${letIn(sql)}`;

/** For those of the memories that the viewer may see, the trash left out. */
export async function listStandings(
  sql: Sql,
  viewerId: string,
  memoryIds: readonly string[],
): Promise<Standing[]> {
  return sql<Standing[]>`
    select m.id as memory_id, m.owner_id,
      case when m.owner_id = ${viewerId} then 'OWNER'
        else (select case when bool_or(a.level = 'SHARE') then 'SHARE' when bool_or(a.level = 'WRITE') then 'WRITE' else 'READ' end
          ${lets(sql)}) end as level,
      (select case when bool_and(a.expires_at is not null) then max(a.expires_at) end
        ${lets(sql)} and a.level = 'SHARE') as share_until
    from memories m
    where m.id = any(${[...memoryIds]}::uuid[]) and m.deleted_at is null and ${visibleTo(sql, viewerId)}`;
}
