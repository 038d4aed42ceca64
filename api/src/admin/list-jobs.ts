import type { Viewer } from '../accounts/viewer.ts';
import { TRASH_DAYS } from '../memories/memory.ts';
import type { Services } from '../services.ts';
import { asAdministrator } from './as-administrator.ts';
import { countBacklogs, listRuns } from './job-rows.ts';
import { jobNames, type Job } from './job.ts';

const NEVER = { startedAt: null, finishedAt: null, failedAt: null, failures: 0, nextAt: null };

/** @throws {NotAdministrator} */
export async function listJobs(services: Services, viewer: Viewer): Promise<Job[]> {
  return asAdministrator(services, viewer, async (sql) => {
    const runs = new Map((await listRuns(sql)).map((run) => [run.name, run]));
    const backlogs = await countBacklogs(sql, TRASH_DAYS);
    return jobNames.map((name) => ({ ...NEVER, ...runs.get(name), ...backlogs[name], name }));
  });
}
