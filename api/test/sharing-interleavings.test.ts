import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lockSharingAlone } from '../src/index/audience-rows.ts';
import { replaceEmbeddings } from '../src/index/embedding-rows.ts';
import { indexPendingWords } from '../src/index/index-for-audiences.ts';
import { lockMemoryRows } from '../src/memories/rows.ts';
import { applyPermissions } from '../src/sharing/apply-permissions.ts';
import { deleteGrants } from '../src/sharing/grant-rows.ts';
import { lockForDeletion } from '../src/accounts/deletion-rows.ts';
import type { Sql } from '../src/storage/database.ts';
import { signedIn } from './accounts-people.ts';
import { GroupsStage } from './groups-stage.ts';
import { memoriesOf, present } from './memories-operations.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { findUnsettled } from './sharing-settled.ts';

const TAG = 'tide';

/** An owner with one memory; a group with a passer, who may share it; and a reader beside. */
interface Stage {
  owner: string;
  passer: string;
  reader: string;
  group: string;
  memory: string;
  direct: string;
  rule: string;
}

let picard: TestPicard;
let modelId: number;
beforeAll(async () => {
  picard = await startTestPicard({ deployment: 'one' });
  modelId = await picard.picard.services.database.asOwner(async (sql) => {
    const [row] = await sql<{ id: number }[]>`
      insert into embedding_models (key, dimensions, state) values ('a model', 2, 'building') returning id`;
    return row?.id ?? 0;
  });
});
afterAll(() => picard[Symbol.asyncDispose]());

const grant = (
  sql: Sql,
  stage: Stage,
  given: { tag?: string; to: string; by?: string; level?: string; id?: string },
) =>
  sql`insert into grants (owner_id, id, memory_id, tags, audience_id, level, granted_by)
    values (${stage.owner}, ${given.id ?? randomUUID()}, ${given.tag === undefined ? stage.memory : null},
      ${given.tag === undefined ? null : [given.tag]}, ${given.to}, ${given.level ?? 'READ'}, ${given.by ?? stage.owner})`;
/** As use cases that write memories: the lock of the owner comes before any row. */
const set = async (sql: Sql, stage: Stage, change: Record<string, unknown>): Promise<void> => {
  await lockMemoryRows(sql, stage.owner, [stage.memory]);
  await sql`update memories set ${sql(change)} where id = ${stage.memory}`;
};

/** Each a transaction's work: of the one who does it, as the use cases do it, or of the server. */
interface Deed {
  by?: 'owner' | 'passer' | 'reader';
  work(sql: Sql, stage: Stage): Promise<unknown>;
}
const permissions = { visibility: null, share: [], revoke: [] };
const share = (by: 'owner' | 'passer', to: 'reader' | 'passer', level: 'READ' | 'SHARE' = 'READ'): Deed => ({
  by,
  work: (sql, stage) => {
    const grantee = { kind: 'USER' as const, id: stage[to], name: to, place: 'with' };
    const given = { ...permissions, share: [{ with: grantee, level, expiresAt: null }] };
    return applyPermissions(sql, signedIn(stage[by]), [stage.memory], given, true);
  },
});
const show = (visibility: 'PRIVATE' | 'PUBLIC'): Deed => ({
  by: 'owner',
  work: (sql, stage) =>
    applyPermissions(sql, signedIn(stage.owner), [stage.memory], { ...permissions, visibility }, true),
});
const deeds: Record<string, Deed> = {
  'is shared': share('owner', 'reader'),
  'is shared for passing on': share('owner', 'passer', 'SHARE'),
  'is passed on': share('passer', 'reader'),
  'is shared by a rule': { work: (sql, stage) => grant(sql, stage, { to: stage.reader, tag: TAG }) },
  'a grant is revoked': {
    by: 'owner',
    work: async (sql, stage) => {
      await lockSharingAlone(sql, [stage.owner]);
      await deleteGrants(sql, [stage.direct]);
    },
  },
  'a rule is revoked': {
    by: 'owner',
    work: async (sql, stage) => {
      await lockSharingAlone(sql, [stage.owner]);
      await deleteGrants(sql, [stage.rule]);
    },
  },
  'a grant is lowered': {
    work: (sql, stage) => sql`update grants set level = 'READ' where id = ${stage.direct}`,
  },
  'the passer leaves': {
    by: 'passer',
    work: (sql, stage) =>
      sql`delete from group_members where (group_id, user_id) = (${stage.group}, ${stage.passer})`,
  },
  'the group is deleted': { work: (sql, stage) => sql`delete from groups where id = ${stage.group}` },
  'becomes private': show('PRIVATE'),
  'becomes public': show('PUBLIC'),
  'loses its tag': { by: 'owner', work: (sql, stage) => set(sql, stage, { tags: [] }) },
  'gets a tag': { by: 'owner', work: (sql, stage) => set(sql, stage, { tags: [TAG, 'more'] }) },
  'is trashed': { by: 'owner', work: (sql, stage) => set(sql, stage, { deletedAt: new Date() }) },
  'is erased': {
    work: async (sql, { owner, memory }) => {
      await lockSharingAlone(sql, [owner]);
      await sql`delete from memories where id = ${memory}`;
    },
  },
  'gets vectors': {
    work: async (sql, { owner, memory }) => {
      await lockSharingAlone(sql, [owner]);
      await replaceEmbeddings(sql, [
        { ownerId: owner, memoryId: memory, modelId, chunk: 0, vector: new Float32Array([1, -1]) },
      ]);
    },
  },
  'gets its words keyed': { work: (sql) => indexPendingWords(sql, picard.picard.services.dataKeys, 100) },
  'the account of its reader is deleted': { work: (sql, { reader }) => deleteAccount(sql, reader) },
  'the account of its passer is deleted': { work: (sql, { passer }) => deleteAccount(sql, passer) },
  'the account of its owner is deleted': { work: (sql, { owner }) => deleteAccount(sql, owner) },
};

async function deleteAccount(sql: Sql, id: string): Promise<void> {
  await lockForDeletion(sql, id);
  await sql`delete from users where id = ${id}`;
}

async function open(): Promise<Stage> {
  const people = new GroupsStage(picard);
  const [owner, passer, reader, other] = await Promise.all(
    [1, 2, 3, 4].map(() => people.somebody(`p-${randomUUID().slice(0, 18)}`)),
  );
  if (!owner || !passer || !reader || !other) throw new Error('Nobody came');
  const group = await people.settled([other, 'owner'], [passer, 'member']);
  const { id: memory } = await memoriesOf(picard, owner.key).keep({
    text: 'High water at noon',
    tags: [TAG],
  });
  const stage = {
    owner: owner.id,
    passer: passer.id,
    reader: reader.id,
    group,
    memory,
    direct: randomUUID(),
    rule: randomUUID(),
  };
  await picard.picard.services.database.asOwner(async (sql) => {
    await grant(sql, stage, { to: group, level: 'SHARE', id: stage.direct });
    await grant(sql, stage, { to: other.id, tag: TAG, id: stage.rule });
  });
  return stage;
}

const names = Object.keys(deeds);
const pairs = names.flatMap((first) => names.map((second) => [first, second] as const));

/** The embedded database does one transaction after the other. */
describe.skipIf(!process.env['PICARD_TEST_DATABASE_URL'])(
  'one has not committed when another begins: in the end audiences, words and signs are as the grants say',
  () => {
    test.each(pairs)('%s, meanwhile %s', async (first, second) => {
      const { database } = picard.picard.services;
      const stage = await open();
      const done = Promise.withResolvers<void>();
      const commit = Promise.withResolvers<void>();
      let process = 0;
      let ended = false;
      const run = ({ by, work }: Deed, around: (deed: () => Promise<unknown>, sql: Sql) => Promise<void>) => {
        const whole = (sql: Sql): Promise<void> => around(() => work(sql, stage), sql);
        return by ? database.forViewer(stage[by], whole) : database.asOwner(whole);
      };
      const one = run(present(deeds[first]), async (deed) => {
        await deed();
        done.resolve();
        await commit.promise;
      });
      await Promise.race([done.promise, one.catch(() => undefined)]);
      const other = run(present(deeds[second]), async (deed, sql) => {
        process = (await sql<{ id: number }[]>`select pg_backend_pid() as id`)[0]?.id ?? 0;
        await deed();
      }).finally(() => (ended = true));
      other.catch(() => undefined);
      // It is through, or waits for the first.
      while (!ended && !(await waits(process))) await new Promise((resolve) => setImmediate(resolve));
      commit.resolve();
      const outcomes = await Promise.allSettled([one, other]);
      const refused = outcomes.flatMap((each) =>
        each.status === 'rejected' ? [Reflect.get(each.reason, 'code')] : [],
      );
      // What was named may be gone, or not theirs any more; nobody waits in a circle.
      expect(refused.filter((code) => !REFUSALS.includes(String(code)))).toEqual([]);
      const unsettled = await database.asOwner(findUnsettled);
      expect(unsettled.filter(({ memoryId }) => memoryId === stage.memory)).toEqual([]);
      for (const id of [stage.owner, stage.passer, stage.reader])
        await database.asOwner((sql) => deleteAccount(sql, id));
    });

    const FOREIGN_KEY = '23503';
    const REFUSALS = [FOREIGN_KEY, 'MEMORY_NOT_FOUND', 'NOT_PERMITTED', 'GRANTEE_NOT_FOUND', 'BATCH_REFUSED'];
    async function waits(process: number): Promise<boolean> {
      if (process === 0) return false;
      return picard.picard.services.database.asOwner(async (sql) => {
        const [row] = await sql<{ waits: boolean }[]>`
        select cardinality(pg_blocking_pids(${process})) > 0 as waits`;
        return row?.waits ?? false;
      });
    }
  },
);
