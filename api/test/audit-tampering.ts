import { entryHash } from '../src/audit/entry-hash.ts';
import { listChain } from '../src/audit/verification-rows.ts';
import type { Sql } from '../src/storage/database.ts';
import { verify, type Finding } from './audit-stage.ts';
import type { TestPicard } from './picard.ts';

const TABLES = ['audit_acts', 'audit_chain', 'audit_heads', 'audit_checkpoints', 'audit_logs'];

/** What is found after somebody who owns the database did this to it, past the triggers that refuse it; then it is undone. */
export async function tampered(
  picard: TestPicard,
  tamper: (sql: Sql) => Promise<unknown>,
): Promise<Finding[]> {
  const { database } = picard.picard.services;
  await database.asOwner(async (sql) => {
    for (const table of TABLES) {
      await sql.unsafe(`create table kept_${table} as table ${table}`);
      await sql.unsafe(`alter table ${table} disable trigger user`);
    }
  });
  try {
    await database.asOwner(tamper);
    return (await verify(picard)).findings;
  } finally {
    await database.asOwner(async (sql) => {
      for (const table of [...TABLES].reverse()) await sql.unsafe(`delete from ${table}`);
      for (const table of TABLES) {
        await sql.unsafe(`insert into ${table} overriding system value table kept_${table}`);
        await sql.unsafe(`drop table kept_${table}`);
        await sql.unsafe(`alter table ${table} enable trigger user`);
      }
    });
  }
}

/** Computes every hash of the log from an entry on anew, as somebody would who knows how it is done. */
export async function rehashLog(sql: Sql, logId: string, from: number): Promise<void> {
  const rows = await listChain(sql, logId, 1, 1_000, 1_000);
  let previous = rows[from - 2]?.hash ?? Buffer.alloc(32);
  for (const row of rows.slice(from - 1)) {
    const hash = entryHash({ ...row, act: row.act ?? '', previousHash: previous });
    await sql`
      update audit_chain set previous_hash = ${previous}, hash = ${hash} where log_id = ${logId} and seq = ${row.seq}`;
    previous = hash;
  }
  await sql`update audit_heads set hash = ${previous}, seq = ${rows.length} where log_id = ${logId}`;
}
