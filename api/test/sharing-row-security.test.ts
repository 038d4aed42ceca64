import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { listMemoryRows } from '../src/memories/rows.ts';
import type { Fragment, Sql } from '../src/storage/database.ts';
import { present } from './memories-operations.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { check } from './sharing-check.ts';
import type { ModelMemory } from './sharing-model.ts';
import { anyStep, anyWorld } from './sharing-arbitraries.ts';
import { openWorld, takeStep } from './sharing-steps.ts';
import type { SharingWorld } from './sharing-world.ts';

/** As if every statement had forgotten to ask whether the viewer may see what it selects. */
const listed = vi.hoisted(
  () => (sql: Sql) => sql`m.owner_id, m.id, m.tags, m.position, m.occurred_at, m.created_at, m.modified_at`,
);
vi.mock('../src/sharing/visible.ts', () => ({
  visibleTo: (sql: Sql) => sql`true`,
  letIn: (sql: Sql) => sql`true`,
  visibleMemories: (sql: Sql, _viewerId: string, narrow: Fragment) => sql`(
    select ${listed(sql)} from memories m where true ${narrow}
    union
    select ${listed(sql)} from (select *, null::timestamptz as deleted_at from shared_memories) m where true ${narrow}
  ) m`,
}));

let picard: TestPicard;
let world: SharingWorld;
beforeAll(async () => {
  picard = await startTestPicard({ embedding: 'local' });
  const [seed] = fc.sample(anyWorld, { numRuns: 1, seed: 5 });
  world = await openWorld(picard, present(seed));
});
afterAll(() => picard[Symbol.asyncDispose]());

test('nothing but row-level security is left: where it does not hold, all is listed', async () => {
  const { database } = picard.picard.services;
  const [person] = world.people;
  const listing = { filter: {}, words: [], order: 'CREATED_DESC', after: null, limit: 100 } as const;
  const rows = await database.asOwner((sql) => listMemoryRows(sql, present(person).id, listing));
  const living = [...world.model.memories.values()].filter(
    ({ trashed, expiry }) => !trashed && expiry !== 'over',
  );
  expect(rows.map(({ id }) => id).sort()).toEqual(living.map(({ id }) => id).sort());
  expect(living.some((memory) => !world.model.lists(present(person).id, memory))).toBe(true);
});

test('every path shows what the rules say by row-level security alone', async () => {
  let checks = await check(world, 0, false);
  const [rounds] = fc.sample(
    fc.array(fc.array(anyStep, { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 }),
    {
      numRuns: 1,
    },
  );
  for (const [round, steps] of present(rounds).entries()) {
    for (const step of steps) await takeStep(world, step);
    checks += await check(world, round + 1, false);
  }
  expect(checks).toBeGreaterThan(1_000);
}, 120_000);

type Shows = (person: string, memory: ModelMemory) => boolean;
const opens: Shows = (person, memory) => world.model.opens(person, memory);
const owns: Shows = (person, { owner }) => owner === person;
/** Of each table, the memories that it has rows of for a viewer. */
const tables: Record<string, [shows: Shows, statement: (sql: Sql) => Promise<{ id: string }[]>]> = {
  memories: [opens, (sql) => sql`select id from memories`],
  memory_texts: [opens, (sql) => sql`select distinct memory_id as id from memory_texts`],
  'memory_texts of earlier versions': [
    (person, memory) => owns(person, memory) && (world.told.get(memory.id)?.former.length ?? 0) > 0,
    (sql) => sql`
      select distinct memory_id as id from memory_texts t
      where exists (select from memory_texts later where later.memory_id = t.memory_id
        and later.content_version > t.content_version)
        or content_version < (select m.content_version from memories m where m.id = t.memory_id)`,
  ],
  memory_embeddings: [opens, (sql) => sql`select distinct memory_id as id from memory_embeddings`],
  memory_keywords: [
    (person, memory) => opens(person, memory) && !memory.trashed,
    (sql) => sql`select distinct memory_id as id from memory_keywords`,
  ],
  shared_memories: [
    (person, memory) => opens(person, memory) && !owns(person, memory),
    (sql) => sql`select distinct id from shared_memories where owner_id <> picard_viewer_id()`,
  ],
  audience_signs: [
    (person, memory) => opens(person, memory) && !owns(person, memory),
    (sql) => sql`select distinct memory_id as id from audience_signs where owner_id <> picard_viewer_id()`,
  ],
  'data_keys, by the memories of their owners': [
    (person, { owner }) =>
      owner === person ||
      [...world.model.memories.values()].some((each) => each.owner === owner && opens(person, each)),
    (sql) => sql`
      select m.id from unnest(${[...world.model.memories.values()].map(({ id }) => id)}::uuid[],
        ${[...world.model.memories.values()].map(({ owner }) => owner)}::uuid[]) as m (id, owner_id)
      join data_keys k on k.owner_id = m.owner_id`,
  ],
};

describe('each table shows of the memories what the rules say', () => {
  test.each(Object.keys(tables))('%s', async (name) => {
    const [shows, statement] = present(tables[name]);
    for (const person of world.people) {
      const rows = await picard.picard.services.database.forViewer(person.id, (sql) => statement(sql));
      const due = [...world.model.memories.values()]
        .filter((memory) => shows(person.id, memory))
        .map(({ id }) => id);
      const known = rows.map(({ id }) => id).filter((id) => world.model.memories.has(id));
      expect(known.sort()).toEqual(due.sort());
    }
  });

  test('memory_versions, pending_keywords, pending_embeddings: the owner’s alone', async () => {
    for (const { id } of world.people)
      await picard.picard.services.database.forViewer(id, async (sql) => {
        for (const table of ['memory_versions', 'pending_keywords', 'pending_embeddings'])
          expect(await sql`select from ${sql(table)} where owner_id <> ${id}`).toHaveLength(0);
      });
  });
});
