import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { decodeCursor, encodeCursor, isCount } from '../schema/pagination.ts';
import { isId } from '../id.ts';
import { InvalidInput } from '../invalid-input.ts';
import type { Checkpoint as CheckpointShape } from './checkpoint.ts';
import { findingKinds, type Finding, type FindingKind } from './finding.ts';
import { signCheckpoints } from './sign-checkpoints.ts';
import { verifyAudit, type Progress, type Verified } from './verify-audit.ts';
import { listCheckpoints, verifyCheckpoints } from './verify-checkpoints.ts';

const descriptions: Record<FindingKind, string> = {
  CHANGED: 'The entry says something else than when it was written.',
  REMOVED: 'Entries between two others are gone.',
  UNLINKED: 'The entry was put in, moved or written anew: what follows it was written after another one.',
  TRUNCATED: 'Entries at the end are gone.',
  REWRITTEN: 'The entry had another hash when the server signed it.',
  FORGED_CHECKPOINT: 'The checkpoint bears no signature of this server.',
};
const AuditFindingKind = builder.enumType('AuditFindingKind', {
  description: 'How an audit log is not as it was written.',
  values: Object.fromEntries(
    findingKinds.map((kind) => [kind, { description: descriptions[kind] }]),
  ) as Record<FindingKind, { description: string }>,
});

const AuditFinding = builder.objectRef<Finding>('AuditFinding').implement({
  fields: (t) => ({
    kind: t.expose('kind', { type: AuditFindingKind }),
    logId: t.exposeID('logId'),
    number: t.exposeInt('seq', {
      description: 'Of the entry; of the first, where several are gone. 0 where it cannot be told.',
    }),
    message: t.exposeString('message'),
  }),
});

const AuditVerification = builder.objectRef<Verified>('AuditVerification').implement({
  fields: (t) => ({
    findings: t.expose('findings', { type: [AuditFinding] }),
    entries: t.exposeInt('entries', { description: 'How many were looked at in this step.' }),
    logs: t.exposeInt('logs', { description: 'How many came to their end in this step.' }),
    next: t.string({
      nullable: true,
      description: 'Ask again with `after`; null when everything was looked at.',
      resolve: ({ next }) =>
        next && encodeCursor('actId' in next ? ['acts', next.actId] : [next.logId, next.seq]),
    }),
  }),
});

const isProgress = (parts: unknown): parts is [string, number] =>
  Array.isArray(parts) &&
  parts.length === 2 &&
  Number.isSafeInteger(parts[1]) &&
  (parts[1] as number) >= 0 &&
  typeof parts[0] === 'string' &&
  (parts[0] === 'acts' || (isId(parts[0]) && isCount(parts[1])));

const toProgress = ([name, place]: [string, number]): Progress =>
  name === 'acts' ? { actId: place } : { logId: name, seq: place };

builder.queryField('auditVerification', (t) =>
  t.withAuth({ scope: 'memories:admin' }).field({
    type: AuditVerification,
    description:
      'One step of holding every entry of every audit log against the hashes and signatures over it.',
    args: { after: t.arg.string({ description: 'The `next` of the step before.' }) },
    extensions: notes({ cost: 100 }),
    resolve: (_root, args, { services }) => {
      const after = decodeCursor(args.after, isProgress);
      return verifyAudit(services, after && toProgress(after));
    },
  }),
);

const AuditCheckpoint = builder.objectRef<CheckpointShape>('AuditCheckpoint').implement({
  description: 'The end of an audit log at one moment, signed by the server.',
  fields: (t) => ({
    logId: t.exposeID('logId'),
    number: t.exposeInt('seq', { description: 'How many entries the log had.' }),
    hash: t.exposeString('hash', { description: 'Of its last entry: SHA-256, in hexadecimal.' }),
    at: t.expose('at', { type: 'DateTime' }),
    signature: t.exposeString('signature', { description: 'Ed25519, base64url.' }),
  }),
});

interface CheckpointPage {
  checkpoints: CheckpointShape[];
  publicKey: string;
}
const AuditCheckpoints = builder.objectRef<CheckpointPage>('AuditCheckpoints').implement({
  fields: (t) => ({
    checkpoints: t.expose('checkpoints', { type: [AuditCheckpoint] }),
    publicKey: t.exposeString('publicKey', { description: 'That the signatures are of; Ed25519, PEM.' }),
  }),
});

builder.queryField('auditCheckpoints', (t) =>
  t.withAuth({ scope: 'memories:admin' }).field({
    type: AuditCheckpoints,
    description: 'The newest checkpoint of each audit log, 500 at a time, by the ids of the logs.',
    args: { after: t.arg.id({ description: 'The `logId` of the last one of the answer before.' }) },
    extensions: notes({ cost: 20 }),
    resolve: (_root, { after }, { services }) => {
      if (after && !isId(after)) throw new InvalidInput('after', 'must be the id of a log');
      return listCheckpoints(services, after ?? null, PAGE);
    },
  }),
);
const PAGE = 500;

const AuditCheckpointInput = builder.inputType('AuditCheckpointInput', {
  fields: (t) => ({
    logId: t.id({ required: true }),
    number: t.int({ required: true }),
    hash: t.string({ required: true }),
    at: t.field({ type: 'DateTime', required: true }),
    signature: t.string({ required: true }),
  }),
});

builder.queryField('auditAgainstCheckpoints', (t) =>
  t.withAuth({ scope: 'memories:admin' }).field({
    type: [AuditFinding],
    description: 'Hold the audit logs against checkpoints that you kept, at most 500 at a time.',
    args: { checkpoints: t.arg({ type: [AuditCheckpointInput], required: true }) },
    extensions: notes({ cost: 100 }),
    resolve: (_root, { checkpoints }, { services }) => {
      if (checkpoints.length > PAGE) throw new InvalidInput('checkpoints', `must be ${PAGE} at most`);
      return verifyCheckpoints(
        services,
        checkpoints.map(({ number: seq, ...rest }) => ({ ...rest, seq })),
      );
    },
  }),
);

const SignAuditPayload = builder.objectRef<{ signed: number }>('SignAuditCheckpointsPayload').implement({
  fields: (t) => ({ signed: t.exposeInt('signed', { description: 'How many logs had grown.' }) }),
});
builder.mutationField('signAuditCheckpoints', (t) =>
  t.withAuth({ scope: 'memories:admin' }).field({
    type: SignAuditPayload,
    description: 'Sign the end of every audit log now, as the server does every minute.',
    extensions: notes({ cost: 100, effects: { idempotent: true } }),
    resolve: async (_root, _args, { services }) => ({ signed: await signCheckpoints(services) }),
  }),
);
