import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entryHash } from '../src/audit/entry-hash.ts';
import { listChain } from '../src/audit/verification-rows.ts';
import type { Database, Sql } from '../src/storage/database.ts';
import { activity, sign, submit, verify } from './audit-stage.ts';
import { rehashLog, tampered } from './audit-tampering.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

/** Entries of the log that is tampered with: the account, its first key, and this many memories. */
const MEMORIES = 12;
const ENTRIES = MEMORIES + 2;

let picard: TestPicard;
let database: Database;
let logId: string;
beforeAll(async () => {
  picard = await startTestPicard();
  database = picard.picard.services.database;
  const key = await picard.account('ada');
  for (let index = 0; index < MEMORIES; index += 1) await submit(picard, key, `Fact ${index}`);
  expect(await activity(picard, key)).toHaveLength(ENTRIES);
  await picard.account('bob');
  const [log] = await database.asOwner(
    (sql) => sql<{ logId: string }[]>`
      select l.log_id from audit_logs l join users u on u.id = l.owner_id where u.handle = 'ada'`,
  );
  logId = log?.logId ?? '';
  await sign(picard);
});
afterAll(() => picard[Symbol.asyncDispose]());

const foundAfter = (tamper: (sql: Sql) => Promise<unknown>) => tampered(picard, tamper);
const rehash = (sql: Sql, from: number) => rehashLog(sql, logId, from);
const actOf = (sql: Sql, seq: number) =>
  sql`(select act_id from audit_chain where log_id = ${logId} and seq = ${seq})`;

test('P43 a log that nobody touched is right, and each hash is the one that we compute', async () => {
  const { findings, entries } = await verify(picard);
  expect(findings).toEqual([]);
  expect(entries).toBeGreaterThan(ENTRIES);
  const rows = await database.asOwner((sql) => listChain(sql, logId, 1, 100, 100));
  expect(rows).toHaveLength(ENTRIES);
  for (const row of rows) expect(entryHash({ ...row, act: row.act ?? '' })).toEqual(row.hash);
});

test('P43 the triggers refuse what is not done past them', async () => {
  const change = database.asOwner((sql) => sql`update audit_acts set act = 'SIGNED_IN'`);
  await expect(change).rejects.toThrow('append-only');
});

describe('P43 what somebody did who owns the database is found, and the entry named', () => {
  const seqs = fc.integer({ min: 1, max: ENTRIES });
  const uuid = fc.uuid({ version: 4 });
  const text = fc.string({ minLength: 1, unit: fc.constantFrom('a', 'Z', '0', '-', 'ü') });

  const columns: Record<string, fc.Arbitrary<(sql: Sql, seq: number) => Promise<unknown>>> = {
    act: fc
      .constantFrom('MEMORY_DELETED', 'SIGNED_IN')
      .map((value) => (sql, seq) => sql`update audit_acts set act = ${value} where id = ${actOf(sql, seq)}`),
    actor: fc
      .option(uuid)
      .map(
        (value) => (sql, seq) => sql`update audit_acts set actor = ${value} where id = ${actOf(sql, seq)}`,
      ),
    credential: text.map(
      (value) => (sql, seq) =>
        sql`update audit_acts set credential_id = ${value} where id = ${actOf(sql, seq)}`,
    ),
    face: fc
      .constantFrom('mcp', 'rest')
      .map((value) => (sql, seq) => sql`update audit_acts set face = ${value} where id = ${actOf(sql, seq)}`),
    operation: text.map(
      (value) => (sql, seq) => sql`update audit_acts set operation = ${value} where id = ${actOf(sql, seq)}`,
    ),
    concerned: uuid.map(
      (value) => (sql, seq) => sql`update audit_acts set concerned = ${value} where id = ${actOf(sql, seq)}`,
    ),
    subjects: fc
      .array(uuid, { minLength: 1 })
      .map(
        (value) => (sql, seq) => sql`update audit_acts set subjects = ${value} where id = ${actOf(sql, seq)}`,
      ),
    count: fc
      .integer({ min: 2, max: 500 })
      .map(
        (value) => (sql, seq) =>
          sql`update audit_acts set subject_count = ${value} where id = ${actOf(sql, seq)}`,
      ),
    details: text.map(
      (value) => (sql, seq) =>
        sql`update audit_acts set details = ${sql.json({ value })}::json where id = ${actOf(sql, seq)}`,
    ),
    time: fc
      .integer({ min: 1, max: 10 ** 9 })
      .map(
        (value) => (sql, seq) =>
          sql`update audit_acts set at = at - make_interval(secs => ${value / 1000}) where id = ${actOf(sql, seq)}`,
      ),
    hash: fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map(
        (value) => (sql, seq) =>
          sql`update audit_chain set hash = ${Buffer.from(value)} where log_id = ${logId} and seq = ${seq}`,
      ),
  };

  test('P43 any column of any entry, with any value', async () => {
    const change = fc.oneof(...Object.values(columns));
    await fc.assert(
      fc.asyncProperty(seqs, change, async (seq, apply) => {
        const found = await foundAfter((sql) => apply(sql, seq));
        expect(found).toContainEqual(expect.objectContaining({ kind: 'CHANGED', logId, number: seq }));
        // Nothing before it is blamed.
        expect(Math.min(...found.filter((each) => each.logId === logId).map(({ number }) => number))).toBe(
          seq,
        );
      }),
      { numRuns: 30 },
    );
  });

  test('P43 entries that are removed, reordered or cut off', async () => {
    await fc.assert(
      fc.asyncProperty(seqs, seqs, async (one, other) => {
        const [first, last] = [Math.min(one, other), Math.max(one, other)];
        const cut = await foundAfter(
          (sql) => sql`delete from audit_chain where log_id = ${logId} and seq between ${first} and ${last}`,
        );
        const kind = last === ENTRIES ? 'TRUNCATED' : 'REMOVED';
        expect(cut).toContainEqual(expect.objectContaining({ kind, logId, number: first }));
        if (first === last) return;
        const moved = await foundAfter(async (sql) => {
          const place = (from: number, to: number) =>
            sql`update audit_chain set seq = ${to} where log_id = ${logId} and seq = ${from}`;
          await place(first, 1_000_000);
          await place(last, first);
          await place(1_000_000, last);
        });
        for (const number of [first, last])
          expect(moved).toContainEqual(expect.objectContaining({ kind: 'CHANGED', logId, number }));
      }),
      { numRuns: 15 },
    );
  });

  test('P43 an act that is removed, whatever became of its entry', async () => {
    const found = await foundAfter((sql) => sql`delete from audit_acts where id = ${actOf(sql, 5)}`);
    expect(found).toContainEqual(expect.objectContaining({ kind: 'REMOVED', logId, number: 5 }));
  });

  test('P43 an entry that is put in, with hashes that fit it', async () => {
    const found = await foundAfter(async (sql) => {
      await sql`update audit_chain set seq = -seq where log_id = ${logId} and seq >= 5`;
      await sql`update audit_chain set seq = 1 - seq where log_id = ${logId} and seq < 0`;
      await sql`
        insert into audit_chain select log_id, 5, act_id, previous_hash, hash from audit_chain
        where log_id = ${logId} and seq = 4`;
      await rehash(sql, 5);
    });
    expect(found).toContainEqual(expect.objectContaining({ kind: 'REWRITTEN', logId, number: ENTRIES }));
  });

  test('P43 one entry written anew with a hash that fits it', async () => {
    const found = await foundAfter(async (sql) => {
      await sql`update audit_acts set act = 'SIGNED_IN' where id = ${actOf(sql, 5)}`;
      const [row] = await listChain(sql, logId, 5, 5, 1);
      if (!row) throw new Error('There is no fifth entry');
      const hash = entryHash({ ...row, act: row.act ?? '' });
      await sql`update audit_chain set hash = ${hash} where log_id = ${logId} and seq = 5`;
    });
    expect(found).toContainEqual(expect.objectContaining({ kind: 'UNLINKED', logId, number: 5 }));
  });

  test('P43 a log that is written anew from an entry on, whole and right', async () => {
    await fc.assert(
      fc.asyncProperty(seqs, async (seq) => {
        const found = await foundAfter(async (sql) => {
          await sql`update audit_acts set operation = 'Another' where id = ${actOf(sql, seq)}`;
          await rehash(sql, seq);
        });
        // Those of its acts that stand in another log as well are found there besides.
        expect(found.filter((each) => each.logId === logId)).toMatchObject([
          { kind: 'REWRITTEN', number: ENTRIES },
        ]);
      }),
      { numRuns: 5 },
    );
  });

  test('P43 an end that is cut off whole, head and acts with it', async () => {
    const found = await foundAfter(async (sql) => {
      await sql`delete from audit_acts where id in (select act_id from audit_chain where log_id = ${logId} and seq > 9)`;
      await sql`delete from audit_chain where log_id = ${logId} and seq > 9`;
      await rehash(sql, 9);
    });
    expect(found).toMatchObject([{ kind: 'TRUNCATED', logId, number: 10 }]);
  });

  test('P43 a checkpoint that the server did not sign', async () => {
    const found = await foundAfter(async (sql) => {
      await sql`update audit_acts set operation = 'Another' where id = ${actOf(sql, 5)}`;
      await rehash(sql, 5);
      await sql`
        update audit_checkpoints k set hash = h.hash from audit_heads h where h.log_id = k.log_id and k.log_id = ${logId}`;
    });
    expect(found).toMatchObject([{ kind: 'FORGED_CHECKPOINT', logId, number: ENTRIES }]);
  });

  test('P43 and when all that was undone, nothing is found', async () => {
    expect((await verify(picard)).findings).toEqual([]);
  });
});
