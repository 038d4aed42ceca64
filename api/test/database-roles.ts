import type { Database, Sql } from '../src/storage/database.ts';

/** What Postgres answers to who has no right. */
export const INSUFFICIENT_PRIVILEGE = '42501';

export const roles = ['viewer', 'accounts', 'jobs', 'owner'] as const;

/** One statement in a transaction of a role; a viewer is the one with this id. */
export function inRole(
  database: Database,
  role: (typeof roles)[number],
  viewerId: string,
  statement: string,
): Promise<unknown> {
  const work = (sql: Sql) => sql.unsafe(statement);
  return {
    viewer: () => database.forViewer(viewerId, work),
    jobs: () => database.forJobs(work),
    accounts: () => database.forAccounts(work),
    owner: () => database.asOwner(work),
  }[role]();
}
