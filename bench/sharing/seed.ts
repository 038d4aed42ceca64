import { randomUUID } from 'node:crypto';
import { Seeder, type SeededAccount } from '../speed/seed.ts';
import type { Options } from './options.ts';

/** How an owner lets the reader in: two fifths each as PUBLIC and through a group, one fifth by name. */
const ways = ['PUBLIC', 'GROUP', 'DIRECT', 'PUBLIC', 'GROUP'] as const;

/**
 * Fills a database with the memories of many owners, all of which one reader may see, and answers who that is.
 * @param tell how far it is
 */
export async function seedSharing(
  data: string,
  databaseUrl: string,
  { owners, memoriesEach, groups }: Options,
  tell: (done: number) => void,
): Promise<SeededAccount> {
  const seeder = await Seeder.open(data, databaseUrl);
  const { database } = seeder.services;
  const reader = await seeder.account('reader');
  const groupIds = await database.asOwner(async (sql) => {
    const made = await sql<{ id: string }[]>`
      insert into groups (name) select 'group ' || n from generate_series(1, ${groups}) n returning id`;
    await sql`
      insert into group_members (group_id, user_id, role)
      select id, ${reader.id}, 'owner' from unnest(${made.map(({ id }) => id)}::uuid[]) id`;
    return made.map(({ id }) => id);
  });
  for (let index = 0; index < owners; index += 1) {
    const owner = await seeder.account(`owner-${index}`);
    const way = ways[index % ways.length];
    const audience = way === 'DIRECT' ? reader.id : groupIds[index % groupIds.length];
    if (way !== 'PUBLIC' && audience) {
      await database.forViewer(
        owner.id,
        (sql) => sql`
          insert into grants (owner_id, id, kinds, audience_id, level, granted_by)
          values (${owner.id}, ${randomUUID()}, ${['NOTE']}, ${audience}, 'READ', ${owner.id})`,
      );
    }
    await seeder.memories(owner.id, memoriesEach, way === 'PUBLIC' ? 'PUBLIC' : 'SHARED');
    tell(index + 1);
  }
  await seeder.close();
  return reader;
}
