import type { Sql } from '../src/storage/database.ts';

interface Unsettled {
  what: string;
  memoryId: string;
  audienceId: string;
}

/**
 * What is kept of audiences beside what the grants come to, each a flaw: the rules are applied once more, in SQL of its
 * own, to the grants and memories as they are. Passed-on grants hold as long as their grantor may share.
 */
export async function findUnsettled(sql: Sql): Promise<Unsettled[]> {
  return sql<Unsettled[]>`
    with fitting as (
      select m.owner_id, m.id as memory_id, g.id as grant_id, g.audience_id, g.granted_by, g.level, g.expires_at
      from memories m join grants g on g.owner_id = m.owner_id
        and coalesce(g.memory_id = m.id, m.tags @> coalesce(g.tags, '{}')
          and (g.kinds is null or m.kind = any (g.kinds)) and (g.sources is null or m.source = any (g.sources))
          and (g.thread is null or m.thread = g.thread))
      where m.deleted_at is null and m.visibility <> 'PRIVATE'
    ),
    wanted as (
      select owner_id, memory_id, audience_id from fitting f
      where granted_by = owner_id or exists (
        select from fitting s
        where (s.owner_id, s.memory_id) = (f.owner_id, f.memory_id) and s.granted_by = s.owner_id and s.level = 'SHARE'
          and (s.expires_at is null or s.expires_at > now())
          and (s.audience_id = f.granted_by or exists (
            select from group_members gm where gm.group_id = s.audience_id and gm.user_id = f.granted_by)))
      union
      select owner_id, id, picard_everyone() from memories where deleted_at is null and visibility = 'PUBLIC'
    ),
    kept as (select distinct owner_id, memory_id, audience_id from memory_audiences),
    words as (
      select owner_id, memory_id, audience_id from memory_keywords where audience_id <> owner_id
      union select owner_id, memory_id, audience_id from pending_keywords
    ),
    listed as (
      select s.owner_id, s.id as memory_id, s.audience_id from shared_memories s
      join memories m on m.owner_id = s.owner_id and m.id = s.id
      where (s.kind, s.tags, s.source, s.thread, s.position, s.trust, s.visibility, s.occurred_at, s.expires_at,
          s.created_at, s.modified_at)
        is not distinct from (m.kind, m.tags, m.source, m.thread, m.position, m.trust, m.visibility, m.occurred_at,
          m.expires_at, m.created_at, m.modified_at)
    ),
    in_lists as (select owner_id, id as memory_id, audience_id from shared_memories),
    signs as (select distinct owner_id, memory_id, audience_id from audience_signs),
    embedded as (
      select distinct w.* from wanted w join memory_embeddings e using (owner_id, memory_id)
    ),
    differing as (
      select 'audience missing' as what, * from (select * from wanted except select * from kept) d
      union all select 'audience left over', * from (select * from kept except select * from wanted) d
      union all select 'words missing', * from (select * from wanted except select * from words) d
      union all select 'words left over', * from (select * from words except select * from wanted) d
      union all select 'missing in lists, or otherwise there', * from (select * from wanted except select * from listed) d
      union all select 'left over in lists', * from (select * from in_lists except select * from wanted) d
      union all select 'signs missing', * from (select * from embedded except select * from signs) d
      union all select 'signs left over', * from (select * from signs except select * from embedded) d
    )
    select what, memory_id, audience_id from differing order by 1, 2, 3`;
}
