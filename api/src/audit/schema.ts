import { MANAGE_ACCOUNT } from '../accounts/account-scope.ts';
import { User, Viewer } from '../accounts/schema.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import {
  checkedFirst,
  decodeCursor,
  encodeCursor,
  isCount,
  page,
  pageInfo,
  PageInfo,
  type Page,
} from '../schema/pagination.ts';
import { beginExport } from './begin-export.ts';
import { describeDetails } from './describe-details.ts';
import { actFaces, acts, type Act, type ActFace, type Entry } from './entry.ts';
import { listActivity, listAllActivity } from './list-activity.ts';

const ActivityKind = builder.enumType('ActivityKind', {
  description: 'What can be done.',
  values: Object.fromEntries(acts.map((act) => [act, {}])) as Record<Act, object>,
});
const faceNotes: Partial<Record<ActFace, { description: string }>> = {
  page: { description: 'A page of this server that a person had open: signing in, allowing an app.' },
  oauth: { description: 'An app at the authorization server.' },
  cli: { description: 'The command line, without a server.' },
  server: { description: 'The server by itself, as when it empties the trash.' },
};
const ActivityFace = builder.enumType('ActivityFace', {
  description: 'Through what somebody acted.',
  values: Object.fromEntries(
    actFaces.map((face) => [face.toUpperCase(), { value: face, ...faceNotes[face] }]),
  ),
});

const ActivityDetail = builder.objectRef<{ name: string; value: string }>('ActivityDetail').implement({
  description: 'A kind, a count or an id.',
  fields: (t) => ({ name: t.exposeString('name'), value: t.exposeString('value') }),
});

const Activity = builder.objectRef<Entry>('Activity').implement({
  description:
    'An entry of the audit log: who did what, when, and through what. It holds no text of a memory.',
  fields: (t) => ({
    number: t.exposeInt('seq', { description: 'Its place in the log of the account, from 1.' }),
    at: t.expose('at', { type: 'DateTime' }),
    kind: t.expose('act', { type: ActivityKind }),
    accountId: t.exposeID('accountId', {
      nullable: true,
      description: 'Whose log it is in. Null for the server’s own, and for an account that is gone.',
    }),
    actorId: t.exposeID('actorId', {
      nullable: true,
      description:
        'Who did it. Null for the server itself, for somebody unknown, and for an account that is gone.',
    }),
    actor: t.field({
      type: User,
      nullable: true,
      description: 'Who did it, if you may see them.',
      resolve: ({ actorId }, _args, { loaders }) =>
        actorId === null ? null : loaders.accounts.load(actorId),
    }),
    apiKeyId: t.id({
      nullable: true,
      description: 'The API key that it was done with.',
      resolve: ({ credential, credentialId }) => (credential === 'key' ? credentialId : null),
    }),
    appId: t.id({
      nullable: true,
      description: 'The app that it was done with: the `clientId` of `viewer.connectedApps`.',
      resolve: ({ credential, credentialId }) => (credential === 'token' ? credentialId : null),
    }),
    face: t.expose('face', { type: ActivityFace }),
    operation: t.exposeString('operation', {
      nullable: true,
      description: 'The name that the caller gave the GraphQL operation; over MCP and REST, the tool’s.',
    }),
    concernedId: t.exposeID('concernedId', {
      nullable: true,
      description: 'Another account that it was about: who was let in, invited or removed.',
    }),
    subjectIds: t.exposeIDList('subjects', {
      description: 'The memories, groups, keys and so on that it was done to; the first 500.',
    }),
    subjectCount: t.exposeInt('subjectCount', { description: 'How many there were.' }),
    details: t.field({ type: [ActivityDetail], resolve: ({ details }) => describeDetails(details) }),
  }),
});

const ActivityEdge = builder.objectRef<{ cursor: string; node: Entry }>('ActivityEdge').implement({
  fields: (t) => ({ cursor: t.exposeString('cursor'), node: t.expose('node', { type: Activity }) }),
});
const ActivityConnection = builder.objectRef<Page<Entry>>('ActivityConnection').implement({
  fields: (t) => ({
    edges: t.expose('edges', { type: [ActivityEdge] }),
    pageInfo: t.field({ type: PageInfo, resolve: pageInfo }),
  }),
});

const ActivityFilter = builder.inputType('ActivityFilter', {
  fields: (t) => ({
    kinds: t.field({ type: [ActivityKind], description: 'Any of these.' }),
    since: t.field({ type: 'DateTime' }),
    before: t.field({ type: 'DateTime' }),
  }),
});

builder.objectField(Viewer, 'activity', (t) =>
  t.withAuth(MANAGE_ACCOUNT).field({
    type: ActivityConnection,
    description: 'What you did, and what was done to what is yours, newest first.',
    args: {
      first: t.arg.int({ defaultValue: 20, description: 'At most 100.' }),
      after: t.arg.string({ description: 'The `endCursor` of the page before.' }),
      filter: t.arg({ type: ActivityFilter }),
    },
    extensions: notes({ sizedBy: 'first' }),
    resolve: async (_viewer, args, { services, viewer }) => {
      const first = checkedFirst(args.first, 20);
      const after = decodeCursor(args.after, isOwnCursor);
      const { kinds: acts, ...times } = args.filter ?? {};
      const rows = await listActivity(services, viewer, { acts, ...times }, after?.[0] ?? null, first + 1);
      return page(rows, first, after, ({ seq }) => encodeCursor([seq]));
    },
  }),
);

const isOwnCursor = (parts: unknown): parts is [number] =>
  Array.isArray(parts) && parts.length === 1 && isCount(parts[0]);
const isCursor = (parts: unknown): parts is [string] =>
  Array.isArray(parts) && parts.length === 1 && /^\d{1,18}$/.test(String(parts[0]));

builder.queryField('activity', (t) =>
  t.withAuth({ scope: 'memories:admin' }).field({
    type: ActivityConnection,
    description: 'What was done on this server, newest first.',
    args: {
      first: t.arg.int({ defaultValue: 20, description: 'At most 100.' }),
      after: t.arg.string({ description: 'The `endCursor` of the page before.' }),
      filter: t.arg({ type: ActivityFilter }),
      accountId: t.arg.id({ description: 'By this account, or to what is theirs.' }),
    },
    extensions: notes({ cost: 10, sizedBy: 'first' }),
    resolve: async (_root, args, { services }) => {
      const first = checkedFirst(args.first, 20);
      const after = decodeCursor(args.after, isCursor);
      const { kinds: acts, ...times } = args.filter ?? {};
      const filter = { acts, ...times, account: args.accountId };
      const rows = await listAllActivity(services, filter, after?.[0] ?? null, first + 1);
      return page(rows, first, after, ({ actId }) => encodeCursor([actId]));
    },
  }),
);

const Export = builder.objectRef<{ begunAt: Date }>('Export').implement({
  description: 'The beginning of an export.',
  fields: (t) => ({ begunAt: t.expose('begunAt', { type: 'DateTime' }) }),
});

builder.objectField(Viewer, 'export', (t) =>
  t.withAuth({ scope: 'memories:read' }).field({
    type: Export,
    description:
      'Ask for it before you read all of your memories to take them along: that is noted in your activity.',
    extensions: notes({ cost: 5 }),
    resolve: async (_viewer, _args, { services, viewer }) => ({
      begunAt: await beginExport(services, viewer),
    }),
  }),
);
