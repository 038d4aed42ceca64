import type { Database } from '../src/storage/database.ts';

/** What must hold of the rows whatever was killed when; answers each breach by name, with how many rows break it. */
export async function breaches(database: Database): Promise<Record<string, number>> {
  return database.asOwner(async (sql) => {
    const [row] = await sql<Record<string, number>[]>`
      select
        (select count(*)::integer from memories m where not exists (
          select from memory_texts t where (t.owner_id, t.memory_id, t.content_version) = (m.owner_id, m.id, m.content_version)))
          as "memories without their text",
        (select count(*)::integer from memories m where deleted_at is null and not exists (
          select from memory_keywords k where (k.owner_id, k.memory_id, k.audience_id) = (m.owner_id, m.id, m.owner_id)))
          as "living memories without words",
        (select count(*)::integer from memory_keywords k join memories m on (m.owner_id, m.id) = (k.owner_id, k.memory_id)
          where m.deleted_at is not null) as "words of memories in the trash",
        (select count(*)::integer from (
          select owner_id, audience_id, thread_key, count(*) as documents, sum(length) as length from memory_keywords
          group by owner_id, audience_id, thread_key) held
          full join (
          select owner_id, audience_id, thread_key, sum(documents) as documents, sum(length) as length from word_statistics
          group by owner_id, audience_id, thread_key having sum(documents) <> 0) told
          on (held.owner_id, held.audience_id, coalesce(held.thread_key, 0)) = (told.owner_id, told.audience_id, coalesce(told.thread_key, 0))
          where (held.documents, held.length) is distinct from (told.documents, told.length)) as "threads whose words are miscounted",
        (select count(*)::integer from memories m where version - 1 <> (
          select count(*) from memory_versions v where (v.owner_id, v.memory_id) = (m.owner_id, m.id)))
          as "memories with gaps in their history",
        (select count(*)::integer from memory_versions v where not exists (
          select from memory_texts t where (t.owner_id, t.memory_id, t.content_version) = (v.owner_id, v.memory_id, v.content_version)))
          as "versions without their text",
        (select count(*)::integer from memory_texts t where not exists (
          select from memories m where (m.owner_id, m.id) = (t.owner_id, t.memory_id) and m.content_version >= t.content_version))
          as "texts of no memory",
        (select count(*)::integer from memories m cross join embedding_models o where o.state <> 'retired'
          and not exists (select from memory_embeddings e
            where (e.owner_id, e.memory_id, e.model_id) = (m.owner_id, m.id, o.id))
          and not exists (select from pending_embeddings p
            where (p.owner_id, p.memory_id, p.model_id) = (m.owner_id, m.id, o.id)))
          as "memories that no model will embed",
        (select count(*)::integer from pending_embeddings p join memories m on (m.owner_id, m.id) = (p.owner_id, p.memory_id)
          where m.content_version <> p.content_version) as "wishes for an older text",
        (select count(*)::integer from users u where not exists (select from data_keys d where d.owner_id = u.id))
          as "accounts without a data key"`;
    const found = Object.entries(row ?? {}).filter(([, count]) => count > 0);
    const owned = await sql<{ name: string }[]>`
      select table_name as name from information_schema.columns
      where table_schema = 'public' and column_name in ('owner_id', 'memory_id') group by 1 having count(*) = 2`;
    for (const { name } of owned) {
      const orphans = await sql`
        select from ${sql(name)} t where not exists (
          select from memories m where (m.owner_id, m.id) = (t.owner_id, t.memory_id))`;
      if (orphans.length > 0) found.push([`orphans in ${name}`, orphans.length]);
    }
    return Object.fromEntries(found);
  });
}
