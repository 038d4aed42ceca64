import { visibleMemories, visibleTo } from '../sharing/visible.ts';
import type { Fragment, Sql } from '../storage/database.ts';
import { matching } from '../memories/filter.ts';
import type { SearchRequest } from './request.ts';

/**
 * Which memories may be found, in the form that costs least: most searches have no filter, and then the few that are
 * hidden are quicker to know than the many that are not.
 */
export function eligibility(sql: Sql, request: SearchRequest): Fragment {
  if (isFiltered(request))
    return sql`eligible as materialized (select m.id from ${visibleMemories(sql, request.viewerId, asked(sql, request))})`;
  return sql`
    hidden as materialized (
      select m.id from memories m
      where m.owner_id = ${request.viewerId} and (m.deleted_at is not null or m.expires_at <= now())
    )`;
}

function isFiltered({ filter, except }: SearchRequest): boolean {
  return except !== null || Object.entries(filter).some(([field, value]) => narrows(field, value));
}

/** What the schema fills in by itself asks for no more than the absence of a filter does. */
function narrows(field: string, value: unknown): boolean {
  if (value === null || value === undefined || value === false) return false;
  if (Array.isArray(value)) return value.length > 0;
  return !(field === 'expiry' && value === 'VALID');
}

/** Conditions on `memories m`. */
export function found(sql: Sql, request: SearchRequest): Fragment {
  return sql`${visibleTo(sql, request.viewerId, request.audiences === 0)} ${asked(sql, request)}`;
}

function asked(sql: Sql, { filter, filterWords, except }: SearchRequest): Fragment {
  return sql`${matching(sql, filter, filterWords)} ${except ? sql`and m.id <> ${except}` : sql``}`;
}

/**
 * Whether the memory with this id may be found: the condition of every arm. `is true` keeps the planner from making a join of
 * it, which it estimates badly: it asks a hash instead.
 */
export function eligible(sql: Sql, id: Fragment, request: SearchRequest): Fragment {
  return isFiltered(request)
    ? sql`(${id} in (select id from eligible)) is true`
    : sql`${id} not in (select id from hidden)`;
}

/** The same of a memory that is open to the viewer by somebody else: as long as it is, it is neither expired nor in the trash. */
export function eligibleOfOthers(sql: Sql, id: Fragment, request: SearchRequest): Fragment {
  return isFiltered(request) ? eligible(sql, id, request) : sql`true`;
}
