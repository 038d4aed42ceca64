import type { Fragment, Sql } from '../storage/database.ts';

/**
 * Which rows of `memories m` a viewer may see: the one place that decides it, used by every statement that selects
 * memories. Row-level security stands behind it.
 */
export function visibleTo(sql: Sql, viewerId: string): Fragment {
  return sql`m.owner_id = ${viewerId}`;
}
