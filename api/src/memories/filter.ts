import { isId } from '../id.ts';
import type { Fragment, Sql } from '../storage/database.ts';

/** Which memories to look at. An absent field does not narrow. */
export interface MemoryFilter {
  owner?: string | null | undefined;
  ownedBy?: 'ME' | 'OTHERS' | null | undefined;
  /** Any of these, as set. */
  visibility?: readonly string[] | null | undefined;
  /** All of these. */
  tags?: readonly string[] | null | undefined;
  /** Any of these. */
  kinds?: readonly string[] | null | undefined;
  sources?: readonly string[] | null | undefined;
  thread?: string | null | undefined;
  trust?: readonly string[] | null | undefined;
  /** Words that must all occur. */
  text?: string | null | undefined;
  occurredAfter?: Date | null | undefined;
  occurredBefore?: Date | null | undefined;
  createdAfter?: Date | null | undefined;
  createdBefore?: Date | null | undefined;
  modifiedAfter?: Date | null | undefined;
  modifiedBefore?: Date | null | undefined;
  /** `VALID` unless told. */
  expiry?: 'VALID' | 'EXPIRED' | 'ANY' | null | undefined;
  /** In the trash instead of outside it. */
  deleted?: boolean | null | undefined;
}

/** The words of `filter.text` as one index has them, which is of the viewer's own memories or of others'. */
export interface FilterWords {
  audienceId: string;
  own: boolean;
  tokens: readonly bigint[];
}

/** Conditions on `memories m`, each beginning with `and`. `words` are those of `filter.text` in each index. */
export function matching(sql: Sql, filter: MemoryFilter, words: readonly FilterWords[]): Fragment {
  const none = sql``;
  return sql`
    and m.deleted_at is ${filter.deleted ? sql`not null` : sql`null`}
    ${expiry(sql, filter.expiry ?? 'VALID')}
    ${typeof filter.owner === 'string' ? ownedBy(sql, filter.owner) : none}
    ${filter.ownedBy ? ownedByViewer(sql, filter.ownedBy) : none}
    ${filter.visibility?.length ? sql`and m.visibility = any(${[...filter.visibility]})` : none}
    ${filter.tags?.length ? sql`and m.tags @> ${[...filter.tags]}` : none}
    ${filter.kinds?.length ? sql`and m.kind = any(${[...filter.kinds]})` : none}
    ${filter.sources?.length ? sql`and m.source = any(${[...filter.sources]})` : none}
    ${filter.trust?.length ? sql`and m.trust = any(${[...filter.trust]})` : none}
    ${filter.thread ? sql`and m.thread = ${filter.thread}` : none}
    ${filter.occurredAfter ? sql`and coalesce(m.occurred_at, m.created_at) > ${filter.occurredAfter}` : none}
    ${filter.occurredBefore ? sql`and coalesce(m.occurred_at, m.created_at) < ${filter.occurredBefore}` : none}
    ${filter.createdAfter ? sql`and m.created_at > ${filter.createdAfter}` : none}
    ${filter.createdBefore ? sql`and m.created_at < ${filter.createdBefore}` : none}
    ${filter.modifiedAfter ? sql`and m.modified_at > ${filter.modifiedAfter}` : none}
    ${filter.modifiedBefore ? sql`and m.modified_at < ${filter.modifiedBefore}` : none}
    ${words.length > 0 ? containing(sql, words) : none}`;
}

/** What is no id is nobody's. */
function ownedBy(sql: Sql, id: string): Fragment {
  return isId(id) ? sql`and m.owner_id = ${id}` : sql`and false`;
}

/** Of the transaction, so that no filter can name another viewer. */
function ownedByViewer(sql: Sql, whose: 'ME' | 'OTHERS'): Fragment {
  return whose === 'ME'
    ? sql`and m.owner_id = (select picard_viewer_id())`
    : sql`and m.owner_id <> (select picard_viewer_id())`;
}

function expiry(sql: Sql, state: 'VALID' | 'EXPIRED' | 'ANY'): Fragment {
  if (state === 'ANY') return sql``;
  return state === 'EXPIRED'
    ? sql`and m.expires_at <= now()`
    : sql`and (m.expires_at is null or m.expires_at > now())`;
}

function containing(sql: Sql, words: readonly FilterWords[]): Fragment {
  const either = words.reduce<Fragment>(
    (before, { audienceId, own, tokens }) => sql`${before}
      or (k.audience_id = ${audienceId} and k.owner_id ${own ? sql`=` : sql`<>`} k.audience_id
        and k.tokens @> ${tokens.map(String)}::bigint[])`,
    sql`false`,
  );
  return sql`
    and exists (
      select from memory_keywords k where k.owner_id = m.owner_id and k.memory_id = m.id and (${either}))`;
}
