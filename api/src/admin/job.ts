import type { JobName } from '../storage/job-runs.ts';

export { jobNames, type JobName } from '../storage/job-runs.ts';

/** How a background job stands, over all instances. */
export interface Job {
  name: JobName;
  /** What waits to be done. */
  backlog: number;
  /** Of that, what failed before and is tried again, or is given up. */
  failing: number;
  startedAt: Date | null;
  finishedAt: Date | null;
  failedAt: Date | null;
  /** In a row; none since the last round that went well. */
  failures: number;
  nextAt: Date | null;
}

export const jobDescriptions: Readonly<Record<JobName, string>> = {
  EMBEDDINGS:
    'Makes the vectors of what was written, a few seconds after it. Run now, what failed is tried again at once.',
  TRASH: 'Erases what has been in the trash for 30 days, every hour.',
  AUTHORIZATION_SWEEP:
    'Clears expired sign-ins and tokens, forgets apps that were never connected, renews signing keys, every hour.',
  WORD_STATISTICS: 'Adds up the counts that search ranks with, every few seconds.',
  USAGE: 'Adds up how much each account holds, every few seconds.',
  PLANNER_STATISTICS: 'Has the database count its tables again when much was written.',
};
