import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sql } from '../src/storage/database.ts';
import { present } from './memories-operations.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { SharingWorld } from './sharing-world.ts';

let picard: TestPicard;
let world: SharingWorld;
beforeAll(async () => {
  picard = await startTestPicard();
  world = new SharingWorld(picard);
});
afterAll(() => picard[Symbol.asyncDispose]());

/** How many rows a statement changed, or the SQLSTATE it failed with; whatever it did is undone. */
async function effect(
  personId: string,
  statement: (sql: Sql) => Promise<{ count: number }>,
): Promise<unknown> {
  class Undo extends Error {}
  let count: number | undefined;
  try {
    await picard.picard.services.database.forViewer(personId, async (sql) => {
      ({ count } = await statement(sql));
      throw new Undo();
    });
  } catch (error) {
    return error instanceof Undo ? count : Reflect.get(Object(error), 'code');
  }
}

const DENIED = '42501';

describe('nobody changes by hand what is shared with them, or lets themselves in', () => {
  let owner: string;
  let reader: string;
  let stranger: string;
  let id: string;
  beforeAll(async () => {
    const people = await Promise.all([0, 1, 2].map((index) => world.addPerson().then(() => index)));
    [owner, reader, stranger] = world.people.slice(-people.length).map((person) => person.id) as [
      string,
      string,
      string,
    ];
    await world.submit(owner, [
      {
        tags: [],
        kind: 'NOTE',
        source: null,
        thread: null,
        visibility: 'SHARED',
        expiry: 'never',
        trashed: false,
      },
    ]);
    id = present([...world.model.memories.values()].find((memory) => memory.owner === owner)).id;
    await world.grant({ owner, by: owner, on: { memory: id }, to: reader, level: 'READ', end: 'never' });
  });

  const attempts: Record<
    string,
    [(sql: Sql, who: string) => Promise<{ count: number }>, reader: unknown, stranger: unknown]
  > = {
    'see it': [(sql) => sql`select from memories where id = ${id}`, 1, 0],
    'lock it': [(sql) => sql`select from memories where id = ${id} for update`, 0, 0],
    'publish it': [(sql) => sql`update memories set visibility = 'PUBLIC' where id = ${id}`, 0, 0],
    'take it': [(sql, who) => sql`update memories set owner_id = ${who} where id = ${id}`, 0, 0],
    'trash it': [(sql) => sql`update memories set deleted_at = now() where id = ${id}`, 0, 0],
    'erase it': [(sql) => sql`delete from memories where id = ${id}`, 0, 0],
    'write its text': [(sql) => sql`update memory_texts set sealed = '' where memory_id = ${id}`, 0, 0],
    'grant it in the owner’s name': [
      (sql, who) => sql`
        insert into grants (owner_id, id, memory_id, audience_id, level, granted_by)
        values (${owner}, ${randomUUID()}, ${id}, ${who}, 'SHARE', ${owner})`,
      DENIED,
      DENIED,
    ],
    'grant all of the owner’s': [
      (sql, who) => sql`
        insert into grants (owner_id, id, kinds, audience_id, level, granted_by)
        values (${owner}, ${randomUUID()}, ${['NOTE']}, ${who}, 'READ', ${who})`,
      DENIED,
      DENIED,
    ],
    'pass it on without leave': [
      (sql, who) => sql`
        insert into grants (owner_id, id, memory_id, audience_id, level, granted_by)
        values (${owner}, ${randomUUID()}, ${id}, ${randomUUID()}, 'READ', ${who})`,
      DENIED,
      DENIED,
    ],
    'raise a grant': [(sql) => sql`update grants set level = 'SHARE' where memory_id = ${id}`, 0, 0],
    'prolong a grant': [(sql) => sql`update grants set expires_at = null where memory_id = ${id}`, 0, 0],
    'end a grant of others': [
      (sql) => sql`delete from grants where memory_id = ${id} and granted_by = ${owner}`,
      0,
      0,
    ],
    'write an audience': [
      (sql, who) => sql`
        insert into memory_audiences (owner_id, memory_id, audience_id, grant_id, level)
        values (${owner}, ${id}, ${who}, ${randomUUID()}, 'READ')`,
      DENIED,
      DENIED,
    ],
    'raise an audience': [(sql) => sql`update memory_audiences set level = 'SHARE'`, DENIED, DENIED],
    'write what lists are read from': [
      (sql) => sql`update shared_memories set open_until = null`,
      DENIED,
      DENIED,
    ],
    'write signs': [(sql) => sql`delete from audience_signs`, DENIED, DENIED],
    'plant words': [
      (sql, who) => sql`
        insert into memory_keywords (owner_id, memory_id, audience_id, key_version, tokens, counts, length)
        values (${owner}, ${id}, ${who}, 1, '{1}', '{1}', 1)`,
      DENIED,
      DENIED,
    ],
    'settle by hand': [(sql) => sql`select settle_audiences(${owner}, array[${id}]::uuid[])`, DENIED, DENIED],
    'settle signs by hand': [
      (sql) => sql`select settle_audience_signs(${owner}, array[${id}]::uuid[])`,
      DENIED,
      DENIED,
    ],
  };
  test.each(Object.entries(attempts))('%s', async (_name, [statement, forReader, forStranger]) => {
    expect(await effect(reader, (sql) => statement(sql, reader))).toBe(forReader);
    expect(await effect(stranger, (sql) => statement(sql, stranger))).toBe(forStranger);
  });
});
