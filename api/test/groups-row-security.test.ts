import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database, Sql } from '../src/storage/database.ts';
import { type Cast, openCast } from './groups-cast.ts';
import { GroupsStage, type Somebody } from './groups-stage.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
let stage: GroupsStage;
let database: Database;
let groupId: string;
let cast: Cast;
beforeAll(async () => {
  picard = await startTestPicard();
  stage = new GroupsStage(picard);
  database = picard.picard.services.database;
  ({ cast, groupId } = await openCast(stage));
});
afterAll(() => picard[Symbol.asyncDispose]());

/** How many rows a statement saw or changed, or the SQLSTATE it failed with; whatever it did is undone. */
async function effect(who: Somebody, statement: (sql: Sql) => Promise<{ count: number }>): Promise<unknown> {
  class Undo extends Error {}
  let count: number | undefined;
  try {
    await database.forViewer(who.id, async (sql) => {
      ({ count } = await statement(sql));
      throw new Undo();
    });
  } catch (error) {
    return error instanceof Undo ? count : Reflect.get(Object(error), 'code');
  }
}

const DENIED = '42501';
const invitation = (sql: Sql, who: Somebody, role: string, by = who) => sql`
  insert into group_invitations (id, group_id, token_hash, role, invited_by, expires_at)
  values (${randomUUID()}, ${groupId}, ${Buffer.from(randomUUID())}, ${role}, ${by.id}, now() + interval '1 day')`;
const raise = (sql: Sql, whom: Somebody, role: string) =>
  sql`update group_members set role = ${role} where group_id = ${groupId} and user_id = ${whom.id}`;
const drop = (sql: Sql, whom: Somebody) =>
  sql`delete from group_members where group_id = ${groupId} and user_id = ${whom.id}`;

type Statement = (sql: Sql, who: Somebody) => Promise<{ count: number }>;
/** What row-level security alone leaves of each: for the owner, a manager, a member, an invitee, an outsider. */
const behind: Record<string, [Statement, ...outcomes: [unknown, unknown, unknown, unknown, unknown]]> = {
  'see the group': [(sql) => sql`select * from groups where id = ${groupId}`, 1, 1, 1, 1, 0],
  'see all groups': [(sql) => sql`select * from groups`, 1, 1, 1, 1, 1],
  'see its members': [(sql) => sql`select * from group_members`, 5, 5, 5, 0, 1],
  'see its invitations': [(sql) => sql`select id from group_invitations`, 2, 2, 0, 1, 1],
  'see what links hash to': [
    (sql) => sql`select token_hash from group_invitations`,
    DENIED,
    DENIED,
    DENIED,
    DENIED,
    DENIED,
  ],
  'see accounts': [(sql) => sql`select id from users`, 6, 6, 5, 2, 1],
  rename: [(sql) => sql`update groups set name = 'x' where id = ${groupId}`, 1, 1, 0, 0, 0],
  'move it': [(sql) => sql`update groups set id = gen_random_uuid()`, DENIED, DENIED, DENIED, DENIED, DENIED],
  'delete it': [(sql) => sql`delete from groups where id = ${groupId}`, 1, 0, 0, 0, 0],
  'make one': [(sql) => sql`insert into groups (name) values ('x')`, DENIED, DENIED, DENIED, DENIED, DENIED],
  'write oneself in': [
    (sql, { id }) =>
      sql`insert into group_members (group_id, user_id, role) values (${groupId}, ${id}, 'owner')`,
    DENIED,
    DENIED,
    DENIED,
    DENIED,
    DENIED,
  ],
  'raise a member': [(sql) => raise(sql, cast.aMember, 'manager'), 1, 0, 0, 0, 0],
  'raise oneself': [(sql, who) => raise(sql, who, 'owner'), 1, DENIED, DENIED, 0, 0],
  'step down': [(sql, who) => raise(sql, who, 'member'), 1, 1, 1, 0, 0],
  'be another': [
    (sql) => sql`update group_members set user_id = ${cast.outsider.id}`,
    DENIED,
    DENIED,
    DENIED,
    DENIED,
    DENIED,
  ],
  'remove a member': [(sql) => drop(sql, cast.aMember), 1, 1, 0, 0, 0],
  'remove a manager': [(sql) => drop(sql, cast.aManager), 1, 0, 0, 0, 0],
  'remove oneself': [(sql, who) => drop(sql, who), 1, 1, 1, 0, 0],
  'invite a member': [(sql, who) => invitation(sql, who, 'member'), 1, 1, DENIED, DENIED, DENIED],
  'invite a manager': [(sql, who) => invitation(sql, who, 'manager'), 1, DENIED, DENIED, DENIED, DENIED],
  'invite in another’s name': [
    (sql, who) => invitation(sql, who, 'member', cast.aMember),
    DENIED,
    DENIED,
    DENIED,
    DENIED,
    DENIED,
  ],
  'prolong invitations': [
    (sql, { id }) => sql`
      update group_invitations set invited_by = ${id}, expires_at = expires_at + interval '1 day'
      where group_id = ${groupId}`,
    2,
    1,
    0,
    0,
    0,
  ],
  'raise the invitation of a member': [
    (sql, { id }) => sql`
      update group_invitations set invited_by = ${id}, role = 'manager'
      where group_id = ${groupId} and invitee_id is not null`,
    1,
    DENIED,
    0,
    0,
    0,
  ],
  'revoke invitations': [
    (sql) => sql`delete from group_invitations where group_id = ${groupId}`,
    2,
    1,
    0,
    1,
    0,
  ],
  'lock accounts for ever': [
    (sql) => sql`update users set id = gen_random_uuid()`,
    DENIED,
    DENIED,
    DENIED,
    DENIED,
    DENIED,
  ],
};
const roles = ['owner', 'manager', 'member', 'invitee', 'outsider'] as const;
const cases = Object.entries(behind).flatMap(([what, [statement, ...outcomes]]) =>
  roles.map((who, index) => ({ who, what, statement, comes: outcomes[index] })),
);

describe('row-level security behind the use cases', () => {
  test.each(cases)('$who: $what: $comes', async ({ who, statement, comes }) => {
    expect(await effect(cast[who], (sql) => statement(sql, cast[who]))).toBe(comes);
  });

  test('the functions answer for the viewer of the transaction alone', async () => {
    const audiences = (id: string) =>
      database.forViewer(id, async (sql) => {
        const [row] = await sql<{ ids: (string | null)[] }[]>`select picard_audiences() as ids`;
        return row?.ids;
      });
    const everyone = '00000000-0000-4000-8000-000000000000';
    expect(await audiences(cast.member.id)).toEqual([cast.member.id, everyone, groupId]);
    expect(await audiences(cast.invitee.id)).toEqual([cast.invitee.id, everyone]);
    expect(await audiences('')).toEqual([]);
    const locked = (id: string) =>
      database.forViewer(id, async (sql) => {
        const [row] = await sql<{ role: string | null }[]>`select lock_group(${groupId}, null) as role`;
        return row?.role;
      });
    expect(await locked(cast.manager.id)).toBe('manager');
    expect(await locked(cast.invitee.id)).toBeNull();
  });

  test.each([
    'picard_audiences()',
    "picard_groups_as('{owner}')",
    "create_group('x', '')",
    'lock_group(null, null)',
  ])('nobody but a viewer asks %s', async (call) => {
    for (const open of [database.forAccounts, database.forJobs])
      await expect(open((sql) => sql.unsafe(`select ${call}`))).rejects.toMatchObject({ code: DENIED });
  });
});
