import type { Fragment, Sql } from '../storage/database.ts';

/**
 * Who may see what: the one place that decides it, used by every statement that selects memories. Row-level security
 * stands behind it with the same rule.
 */

/**
 * Whether the viewer may see a row of `memories m` that is at hand already.
 * @param alone where nobody lets the viewer see anything
 */
export function visibleTo(sql: Sql, viewerId: string, alone = false): Fragment {
  if (alone) return sql`m.owner_id = ${viewerId}`;
  return sql`(m.owner_id = ${viewerId} or exists (
    select from memory_audiences a
    where a.owner_id = m.owner_id and a.memory_id = m.id and ${letIn(sql)}))`;
}

/** The first rows in an order of `m`. */
export interface First {
  orderBy: Fragment;
  limit: number;
}

const listed = (sql: Sql): Fragment =>
  sql`m.owner_id, m.id, m.tags, m.position, m.occurred_at, m.created_at, m.modified_at`;

/**
 * The memories that the viewer may see, as a source of rows `m` with what lists are sorted by: their own from
 * `memories`, others' from `shared_memories`. What is open to several audiences of the viewer comes as often.
 * @param narrow further conditions on `m`, each beginning with `and`
 * @param first where no more than these will be needed
 */
export function visibleMemories(sql: Sql, viewerId: string, narrow: Fragment, first?: First): Fragment {
  const most = first ? sql`order by ${first.orderBy} limit ${first.limit}` : sql``;
  const own = sql`select ${listed(sql)} from memories m where m.owner_id = ${viewerId} ${narrow} ${most}`;
  const others = (open: Fragment): Fragment => sql`
    select ${listed(sql)} from (
      select *, null::timestamptz as deleted_at from shared_memories s
      where s.owner_id <> ${viewerId} and ${open}
        and (s.open_until is null or s.open_until > now()) and ${ofActiveOwner(sql, 's')}
    ) m
    where true ${narrow} ${most}`;
  // Audience by audience, so that an index that has the order answers the first of each.
  const shared = first
    ? sql`
      select m.* from unnest((select picard_audiences())::uuid[]) audience (id)
      cross join lateral (${others(sql`s.audience_id = audience.id`)}) m`
    : others(sql`s.audience_id = any ((select picard_audiences())::uuid[])`);
  return sql`((${own}) union all (${shared})) m`;
}

/** Whether `memory_audiences a`, or what is written for an audience likewise, is for the viewer and still good. */
export function letIn(sql: Sql, alias = 'a'): Fragment {
  return sql`${sql(alias)}.audience_id = any ((select picard_audiences())::uuid[])
    and (${sql(alias)}.expires_at is null or ${sql(alias)}.expires_at > now()) and ${ofActiveOwner(sql, alias)}`;
}

/** What a suspended account shared is hidden while it is. */
function ofActiveOwner(sql: Sql, alias: string): Fragment {
  return sql`${sql(alias)}.owner_id <> all ((select suspended_accounts())::uuid[])`;
}
