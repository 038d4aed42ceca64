import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { Administration, LOOK_AFTER } from './administration-schema.ts';
import { jobDescriptions, jobNames, type Job as JobShape } from './job.ts';
import { listJobs } from './list-jobs.ts';
import { runJob } from './run-job.ts';

const JobName = builder.enumType('JobName', {
  values: Object.fromEntries(
    jobNames.map((name) => [name, { description: jobDescriptions[name] }]),
  ) as Record<(typeof jobNames)[number], { description: string }>,
});

const Job = builder.objectRef<JobShape>('Job').implement({
  description: 'Background work over all accounts, whichever instance does it.',
  fields: (t) => ({
    name: t.expose('name', { type: JobName }),
    description: t.string({ resolve: ({ name }) => jobDescriptions[name] }),
    backlog: t.exposeInt('backlog', { description: 'How much waits to be done.' }),
    failing: t.exposeInt('failing', {
      description: 'Of the backlog, what has failed before and is tried again, or was given up.',
    }),
    lastStartedAt: t.expose('startedAt', { type: 'DateTime', nullable: true }),
    lastFinishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When a round last went well, to the minute.',
    }),
    lastFailedAt: t.expose('failedAt', { type: 'DateTime', nullable: true }),
    failures: t.exposeInt('failures', {
      description: 'Rounds that failed since the last one that went well.',
    }),
    nextAt: t.expose('nextAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the next round was due, as the last one that was noted left it.',
    }),
  }),
});

builder.objectField(Administration, 'jobs', (t) =>
  t.withAuth(LOOK_AFTER).field({
    type: [Job],
    description: 'The background jobs: how the last round went, and what waits.',
    extensions: notes({ cost: 10 }),
    resolve: (_root, _args, { services, viewer }) => listJobs(services, viewer),
  }),
);

const RunJobInput = builder.inputType('RunJobInput', {
  fields: (t) => ({ name: t.field({ type: JobName, required: true }) }),
});
const RunJobPayload = builder.objectRef<JobShape>('RunJobPayload').implement({
  fields: (t) => ({ job: t.field({ type: Job, resolve: (job) => job }) }),
});

builder.mutationField('runJob', (t) =>
  t.withAuth(LOOK_AFTER).field({
    type: RunJobPayload,
    description:
      'Do one round of a background job now. What takes longer than a request may goes on all the same.',
    args: { input: t.arg({ type: RunJobInput, required: true }) },
    extensions: notes({ cost: 100, effects: { idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) => runJob(services, viewer, input.name),
  }),
);
