import type { Viewer } from '../accounts/viewer.ts';
import { addUpOnce } from '../index/keep-statistics.ts';
import { retryEmbeddings } from '../index/retry-embeddings.ts';
import { emptyTrashOnce } from '../memories/empty-trash.ts';
import { addUpUsageOnce } from '../memories/keep-usage.ts';
import { sweepOnce } from '../oauth/sweep-oauth.ts';
import type { Services } from '../services.ts';
import { countAgain } from '../storage/planner-statistics.ts';
import { asAdministrator } from './as-administrator.ts';
import { listJobs } from './list-jobs.ts';
import type { Job, JobName } from './job.ts';

const now: Readonly<Record<JobName, (services: Services) => Promise<unknown>>> = {
  EMBEDDINGS: retryEmbeddings,
  TRASH: emptyTrashOnce,
  AUTHORIZATION_SWEEP: sweepOnce,
  WORD_STATISTICS: (services) => addUpOnce(services, 1),
  USAGE: (services) => addUpUsageOnce(services, 1),
  PLANNER_STATISTICS: ({ database }) => countAgain(database),
};

/** Does one round of a job now, and answers how it stands afterwards. @throws {NotAdministrator} */
export async function runJob(services: Services, viewer: Viewer, name: JobName): Promise<Job> {
  await asAdministrator(services, viewer, async () => undefined);
  await now[name](services);
  const job = (await listJobs(services, viewer)).find((each) => each.name === name);
  if (!job) throw new Error(`There is no job ${name}`);
  return job;
}
