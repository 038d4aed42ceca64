import type { Sql } from '../storage/database.ts';
import type { Job, JobName } from './job.ts';

type Run = Omit<Job, 'backlog' | 'failing'>;

export async function listRuns(sql: Sql): Promise<Run[]> {
  return sql<Run[]>`select name, started_at, finished_at, failed_at, failures, next_at from job_runs`;
}

type Waiting = Pick<Job, 'backlog' | 'failing'>;

/** What waits for each job. @param trashDays how long the trash keeps what is in it */
export async function countBacklogs(sql: Sql, trashDays: number): Promise<Record<JobName, Waiting>> {
  const [row] = await sql<Record<string, number>[]>`
    select embeddings.backlog as embeddings, embeddings.failing,
      (select count(*)::integer from memories
        where deleted_at < now() - make_interval(days => ${trashDays})) as trash,
      (select count(*)::integer from oauth_models where expires_at < now() - interval '1 minute') as sweep,
      (select count(*)::integer from word_statistics where not summed) as words,
      (select count(*)::integer from account_usage where not summed) as usage
    from (
      select count(*)::integer as backlog,
        count(*) filter (where attempts > 1 or run_after = 'infinity')::integer as failing
      from pending_embeddings) embeddings`;
  const waiting = (name: string): Waiting => ({ backlog: row?.[name] ?? 0, failing: 0 });
  return {
    EMBEDDINGS: { ...waiting('embeddings'), failing: row?.['failing'] ?? 0 },
    TRASH: waiting('trash'),
    AUTHORIZATION_SWEEP: waiting('sweep'),
    WORD_STATISTICS: waiting('words'),
    USAGE: waiting('usage'),
    PLANNER_STATISTICS: waiting('planner'),
  };
}
