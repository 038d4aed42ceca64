import type { Sql } from '../storage/database.ts';
import type { StoredEntry } from './entry-hash.ts';

/** What this transaction reads from here on is of one moment. It must be its first statement. */
export async function readOneMoment(sql: Sql): Promise<void> {
  await sql`set transaction isolation level repeatable read`;
}

/** The log that comes next by its id, wherever a trace of it is; null after the last. */
export async function findNextLog(sql: Sql, after: string | null): Promise<string | null> {
  const beyond = after === null ? sql`` : sql`where log_id > ${after}`;
  const [row] = await sql<{ logId: string }[]>`
    select log_id from (
      (select log_id from audit_heads ${beyond} order by log_id limit 1) union all
      (select log_id from audit_chain ${beyond} order by log_id limit 1) union all
      (select log_id from audit_checkpoints ${beyond} order by log_id limit 1)) each_table
    order by log_id limit 1`;
  return row?.logId ?? null;
}

/** Where a log ends, by its head and by its last entry; zero where there is none. */
export async function findEnd(
  sql: Sql,
  logId: string,
): Promise<{ headSeq: number; headHash: Buffer | null; lastSeq: number }> {
  const [row] = await sql<{ headSeq: number; headHash: Buffer | null; lastSeq: number }[]>`
    select coalesce((select seq from audit_heads where log_id = ${logId}), 0)::float8 as head_seq,
      (select hash from audit_heads where log_id = ${logId}) as head_hash,
      coalesce((select max(seq) from audit_chain where log_id = ${logId}), 0)::float8 as last_seq`;
  return row ?? { headSeq: 0, headHash: null, lastSeq: 0 };
}

/** As stored; `act` is null where the act of an entry is gone. */
export type ChainRow = Omit<StoredEntry, 'act'> & { act: string | null; hash: Buffer };

/** Entries of one log from a number on. */
export async function listChain(
  sql: Sql,
  logId: string,
  from: number,
  to: number,
  limit: number,
): Promise<ChainRow[]> {
  return sql<ChainRow[]>`
    select c.log_id, c.seq::float8 as seq, a.at, c.previous_hash, c.hash, c.act_id::text as act_id,
      array_to_string(a.logs, ',') as logs, a.act, a.actor, a.credential, a.credential_id, a.face, a.operation, a.concerned,
      array_to_string(a.subjects, ',') as subjects, a.subject_count, a.details::text as details
    from audit_chain c left join audit_acts a on a.id = c.act_id
    where c.log_id = ${logId} and c.seq between ${from} and ${to} order by c.seq limit ${limit}`;
}

/** The hash of one entry; null if it is not there. */
export async function findHash(sql: Sql, logId: string, seq: number): Promise<Buffer | null> {
  const [row] = await sql<{ hash: Buffer }[]>`
    select hash from audit_chain where log_id = ${logId} and seq = ${seq}`;
  return row?.hash ?? null;
}

/** Where a range of acts ends, and those in it that a log of theirs does not hold. */
export async function listUnchained(
  sql: Sql,
  after: number,
  range: number,
): Promise<{ last: number | null; unchained: { actId: number; logId: string }[] }> {
  const [end] = await sql<{ last: number | null }[]>`
    select max(id)::float8 as last from (select id from audit_acts where id > ${after} order by id limit ${range}) acts`;
  const last = end?.last ?? null;
  if (last === null) return { last, unchained: [] };
  const unchained = await sql<{ actId: number; logId: string }[]>`
    select a.id::float8 as act_id, log_id from audit_acts a cross join unnest(a.logs) as log_id
    where a.id > ${after} and a.id <= ${last} and not exists (
      select from audit_chain c where c.act_id = a.id and c.log_id = log_id.log_id)
    and not exists (select from audit_pending p where p.act_id = a.id and p.log_id = log_id.log_id)
    order by a.id limit 100`;
  return { last, unchained };
}
