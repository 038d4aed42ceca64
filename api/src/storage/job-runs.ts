import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Sql } from './database.ts';

/** Background work that goes over all accounts. */
export const jobNames = [
  'EMBEDDINGS',
  'TRASH',
  'AUTHORIZATION_SWEEP',
  'WORD_STATISTICS',
  'USAGE',
  'PLANNER_STATISTICS',
] as const;
export type JobName = (typeof jobNames)[number];

/** A job that goes round every few seconds is written down this often; a failure, and what comes after one, at once. */
const NOTED_MS = 60_000;

/** When each job of this process was last written down. */
const noted = new WeakMap<Database, Map<JobName, number>>();

/**
 * Runs one round of a job, and writes down for administrators how it went and when the next one comes.
 * @param everyMs after which the next round comes
 */
export async function recordRun<Value>(
  database: Database,
  name: JobName,
  everyMs: number,
  round: () => Promise<Value>,
): Promise<Value> {
  const startedAt = new Date();
  try {
    const value = await round();
    if (everyMs >= NOTED_MS || isDue(database, name))
      await write(database, (sql) => putSuccess(sql, name, startedAt, everyMs));
    return value;
  } catch (error) {
    noted.get(database)?.delete(name);
    await write(database, (sql) => putFailure(sql, name, startedAt, everyMs));
    throw error;
  }
}

function isDue(database: Database, name: JobName): boolean {
  const known = noted.get(database) ?? new Map<JobName, number>();
  noted.set(database, known);
  if (Date.now() - (known.get(name) ?? 0) < NOTED_MS) return false;
  known.set(name, Date.now());
  return true;
}

/** Where the database is away, that is what the job fails of, and nothing can be written. */
async function write(database: Database, put: (sql: Sql) => Promise<void>): Promise<void> {
  await database.forJobs(put).catch(() => undefined);
}

async function putSuccess(sql: Sql, name: JobName, startedAt: Date, everyMs: number): Promise<void> {
  await sql`
    insert into job_runs (name, started_at, finished_at, next_at)
    values (${name}, ${startedAt}, now(), now() + make_interval(secs => ${everyMs / 1_000}))
    on conflict (name) do update set started_at = excluded.started_at, finished_at = excluded.finished_at,
      next_at = excluded.next_at, failures = 0`;
}

async function putFailure(sql: Sql, name: JobName, startedAt: Date, everyMs: number): Promise<void> {
  await sql`
    insert into job_runs as j (name, started_at, failed_at, next_at, failures)
    values (${name}, ${startedAt}, now(), now() + make_interval(secs => ${everyMs / 1_000}), 1)
    on conflict (name) do update set started_at = excluded.started_at, failed_at = excluded.failed_at,
      next_at = excluded.next_at, failures = j.failures + 1`;
}

/** Does a job until the signal aborts: again at once where it found work, else after a while. */
export async function keepDoing(
  job: () => Promise<number>,
  everyMs: number,
  failed: (error: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      if ((await job()) > 0) continue;
    } catch (error) {
      failed(error);
    }
    await sleep(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
