import type { Sql } from '../storage/database.ts';
import type { Checkpoint } from './checkpoint.ts';

const columns = (sql: Sql) => sql`log_id, seq::float8 as seq, encode(hash, 'hex') as hash`;

/** What those who wrote at the same moment kept from their place in a log takes it. */
export async function settleLogs(sql: Sql): Promise<void> {
  await sql`select chain_pending()`;
}

/** Ends of logs that have grown since their last checkpoint. */
export async function listUnsigned(
  sql: Sql,
  limit: number,
): Promise<{ logId: string; seq: number; hash: string }[]> {
  return sql<{ logId: string; seq: number; hash: string }[]>`
    select ${columns(sql)} from audit_heads h
    where seq > coalesce((select max(c.seq) from audit_checkpoints c where c.log_id = h.log_id), 0) limit ${limit}`;
}

/** Another instance may have signed the same. */
export async function insertCheckpoints(sql: Sql, checkpoints: readonly Checkpoint[]): Promise<void> {
  const rows = checkpoints.map(({ logId, seq, hash, at, signature }) => ({
    log_id: logId,
    seq,
    hash: `\\x${hash}`,
    at: at.toISOString(),
    signature: `\\x${Buffer.from(signature, 'base64url').toString('hex')}`,
  }));
  await sql`
    insert into audit_checkpoints (log_id, seq, hash, at, signature)
    select log_id, seq, hash, at, signature from jsonb_populate_recordset(null::audit_checkpoints, ${sql.json(rows)})
    on conflict (log_id, seq) do nothing`;
}

type Row = Omit<Checkpoint, 'signature'> & { signature: Buffer };
const opened = ({ signature, ...row }: Row): Checkpoint => ({
  ...row,
  signature: signature.toString('base64url'),
});

/** The newest of each log, by the ids of the logs. */
export async function listNewestCheckpoints(
  sql: Sql,
  after: string | null,
  limit: number,
): Promise<Checkpoint[]> {
  const rows = await sql<Row[]>`
    select ${columns(sql)}, at, signature from (
      select distinct on (log_id) * from audit_checkpoints
      ${after === null ? sql`` : sql`where log_id > ${after}`} order by log_id, seq desc) newest
    order by log_id limit ${limit}`;
  return rows.map(opened);
}

/** Those of one log between two of its entries. */
export async function listCheckpointsOf(
  sql: Sql,
  logId: string,
  from: number,
  to: number,
): Promise<Checkpoint[]> {
  const rows = await sql<Row[]>`
    select ${columns(sql)}, at, signature from audit_checkpoints
    where log_id = ${logId} and seq between ${from} and ${to} order by seq`;
  return rows.map(opened);
}
