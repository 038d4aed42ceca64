import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { pageInfo, PageInfo, type Page } from '../schema/pagination.ts';
import { pageArguments, pageByTime } from '../schema/pages-by-time.ts';
import { Administration, LOOK_AFTER } from './administration-schema.ts';
import { findUser, listUsers } from './list-users.ts';
import { userStates, type ManagedUser as ManagedUserShape } from './managed-user.ts';

const UserState = builder.enumType('UserState', {
  description: 'A suspended account cannot sign in, and nothing of it is taken or shown to others.',
  values: userStates,
});

export const ManagedUser = builder.objectRef<ManagedUserShape>('ManagedUser').implement({
  description: 'An account as an administrator sees it.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'UUID v4.' }),
    handle: t.exposeString('handle'),
    displayName: t.exposeString('displayName'),
    administrator: t.exposeBoolean('administrator'),
    claimed: t.exposeBoolean('claimed', {
      description: 'False for an account that was made for somebody who has not taken it over yet.',
    }),
    state: t.field({
      type: UserState,
      resolve: ({ suspendedAt }) => (suspendedAt ? 'SUSPENDED' : 'ACTIVE'),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    suspendedAt: t.expose('suspendedAt', { type: 'DateTime', nullable: true }),
    lastSignInAt: t.expose('lastSignInAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When they last signed in with a browser.',
    }),
    lastActiveAt: t.expose('lastActiveAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When a browser, an app or an API key of theirs was last used, to the minute.',
    }),
    memoryCount: t.float({
      description: 'A whole number. Those in the trash are not counted.',
      resolve: ({ memories }) => memories,
    }),
    storageBytes: t.float({
      description: 'A whole number: the bytes of their sealed texts, with history and trash.',
      resolve: ({ bytes }) => bytes,
    }),
    groupCount: t.int({ resolve: ({ groups }) => groups }),
    appCount: t.int({ description: 'Apps they have connected.', resolve: ({ apps }) => apps }),
    apiKeyCount: t.int({ resolve: ({ apiKeys }) => apiKeys }),
  }),
});

const ManagedUserEdge = builder
  .objectRef<{ cursor: string; node: ManagedUserShape }>('ManagedUserEdge')
  .implement({
    fields: (t) => ({ cursor: t.exposeString('cursor'), node: t.expose('node', { type: ManagedUser }) }),
  });
const ManagedUserConnection = builder.objectRef<Page<ManagedUserShape>>('ManagedUserConnection').implement({
  fields: (t) => ({
    edges: t.expose('edges', { type: [ManagedUserEdge] }),
    pageInfo: t.field({ type: PageInfo, resolve: pageInfo }),
  }),
});
const ManagedUserFilter = builder.inputType('ManagedUserFilter', {
  fields: (t) => ({
    search: t.string({ description: 'A part of the handle.' }),
    state: t.field({ type: UserState }),
    administrator: t.boolean(),
  }),
});

builder.objectField(Administration, 'users', (t) =>
  t.withAuth(LOOK_AFTER).field({
    type: ManagedUserConnection,
    description: 'The accounts, the newest first.',
    args: { ...pageArguments, filter: t.arg({ type: ManagedUserFilter }) },
    extensions: notes({ sizedBy: 'first' }),
    resolve: (_root, { filter, ...args }, { services, viewer }) =>
      pageByTime(
        args,
        (after, limit) => listUsers(services, viewer, filter ?? {}, after, limit),
        ({ createdAt, id }) => ({ at: createdAt, id }),
      ),
  }),
);

builder.objectField(Administration, 'user', (t) =>
  t.withAuth(LOOK_AFTER).field({
    type: ManagedUser,
    nullable: true,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { services, viewer }) => findUser(services, viewer, id),
  }),
);
