import { MANAGE_ACCOUNT } from '../accounts/account-scope.ts';
import { Viewer } from '../accounts/schema.ts';
import { InvalidInput as InvalidInputClass } from '../invalid-input.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import {
  checkedFirst,
  decodeCursor,
  encodeCursor,
  isInstant,
  page,
  pageInfo,
  PageInfo,
  type Page,
} from '../schema/pagination.ts';
import { InvalidInput, orNamedError, resultType, UserError } from '../schema/user-error.ts';
import type { ConnectedApp as ConnectedAppShape } from './connected-app.ts';
import { disconnectApp } from './disconnect-app.ts';
import { ConnectedAppNotFound as ConnectedAppNotFoundClass } from './errors.ts';
import { listConnectedApps } from './list-connected-apps.ts';
import { pauseConnectedApp } from './pause-connected-app.ts';
import { renameConnectedApp } from './rename-connected-app.ts';

const ConnectedApp = builder.objectRef<ConnectedAppShape>('ConnectedApp').implement({
  description: 'An app that you let at your memories.',
  fields: (t) => ({
    clientId: t.exposeID('clientId', { description: 'By which it is known here.' }),
    name: t.exposeString('name', { description: 'As it calls itself, or as you named it.' }),
    pausedAt: t.expose('pausedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Null while it may act.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime', nullable: true, description: 'To the minute.' }),
  }),
});

const ConnectedAppEdge = builder
  .objectRef<{ cursor: string; node: ConnectedAppShape }>('ConnectedAppEdge')
  .implement({
    fields: (t) => ({ cursor: t.exposeString('cursor'), node: t.expose('node', { type: ConnectedApp }) }),
  });
const ConnectedAppConnection = builder
  .objectRef<Page<ConnectedAppShape>>('ConnectedAppConnection')
  .implement({
    fields: (t) => ({
      edges: t.expose('edges', { type: [ConnectedAppEdge] }),
      pageInfo: t.field({ type: PageInfo, resolve: pageInfo }),
    }),
  });

const isAppCursor = (parts: unknown): parts is [string, string] =>
  Array.isArray(parts) && parts.length === 2 && isInstant(parts[0]) && typeof parts[1] === 'string';

builder.objectField(Viewer, 'connectedApps', (t) =>
  t.withAuth(MANAGE_ACCOUNT).field({
    type: ConnectedAppConnection,
    description: 'The apps that you let at your memories, newest first.',
    args: { first: t.arg.int({ defaultValue: 20 }), after: t.arg.string() },
    extensions: notes({ sizedBy: 'first' }),
    resolve: async (_viewer, args, { services, viewer }) => {
      const first = checkedFirst(args.first, 20);
      const after = decodeCursor(args.after, isAppCursor);
      const position = after && { createdAt: new Date(after[0]), clientId: after[1] };
      const apps = await listConnectedApps(services, viewer, position, first + 1);
      return page(apps, first, after, ({ createdAt, clientId }) =>
        encodeCursor([createdAt.toISOString(), clientId]),
      );
    },
  }),
);

const ConnectedAppNotFound = builder.objectRef<ConnectedAppNotFoundClass>('ConnectedAppNotFound').implement({
  description: 'You have no such connected app.',
  interfaces: [UserError],
  fields: (t) => ({ clientId: t.exposeID('clientId') }),
});
const ConnectedAppPayload = builder.objectRef<{ app: ConnectedAppShape }>('ConnectedAppPayload').implement({
  fields: (t) => ({ app: t.expose('app', { type: ConnectedApp }) }),
});
const clientId = { required: true, description: 'As in `viewer.connectedApps`.' } as const;

const RenameConnectedAppResult = builder.unionType('RenameConnectedAppResult', {
  types: [ConnectedAppPayload, ConnectedAppNotFound, InvalidInput],
  resolveType: resultType('ConnectedAppPayload'),
});
const RenameConnectedAppInput = builder.inputType('RenameConnectedAppInput', {
  fields: (t) => ({ clientId: t.id(clientId), name: t.string({ required: true }) }),
});

builder.mutationField('renameConnectedApp', (t) =>
  t.withAuth(MANAGE_ACCOUNT).field({
    type: RenameConnectedAppResult,
    description: 'Give a connected app a name of your own.',
    args: { input: t.arg({ type: RenameConnectedAppInput, required: true }) },
    extensions: notes({ effects: { idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([ConnectedAppNotFoundClass, InvalidInputClass], async () => ({
        app: await renameConnectedApp(services, viewer, input),
      })),
  }),
);

const ChangeConnectedAppResult = builder.unionType('ChangeConnectedAppResult', {
  types: [ConnectedAppPayload, ConnectedAppNotFound],
  resolveType: resultType('ConnectedAppPayload'),
});
const ConnectedAppInput = builder.inputType('ConnectedAppInput', {
  fields: (t) => ({ clientId: t.id(clientId) }),
});

builder.mutationField('pauseConnectedApp', (t) =>
  t.withAuth(MANAGE_ACCOUNT).field({
    type: ChangeConnectedAppResult,
    description: 'Refuse a connected app, within a second, until you let it go on.',
    args: { input: t.arg({ type: ConnectedAppInput, required: true }) },
    extensions: notes({ effects: { idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([ConnectedAppNotFoundClass], async () => ({
        app: await pauseConnectedApp(services, viewer, input.clientId, true),
      })),
  }),
);

builder.mutationField('resumeConnectedApp', (t) =>
  t.withAuth(MANAGE_ACCOUNT).field({
    type: ChangeConnectedAppResult,
    description: 'Let a paused app go on.',
    args: { input: t.arg({ type: ConnectedAppInput, required: true }) },
    extensions: notes({ effects: { idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([ConnectedAppNotFoundClass], async () => ({
        app: await pauseConnectedApp(services, viewer, input.clientId, false),
      })),
  }),
);

const DisconnectAppPayload = builder.objectRef<{ clientId: string }>('DisconnectAppPayload').implement({
  fields: (t) => ({ clientId: t.exposeID('clientId') }),
});
const DisconnectAppResult = builder.unionType('DisconnectAppResult', {
  types: [DisconnectAppPayload, ConnectedAppNotFound],
  resolveType: resultType('DisconnectAppPayload'),
});

builder.mutationField('disconnectApp', (t) =>
  t.withAuth(MANAGE_ACCOUNT).field({
    type: DisconnectAppResult,
    description:
      'End all that an app was allowed. It is refused everywhere within a second, and has to ask anew.',
    args: { input: t.arg({ type: ConnectedAppInput, required: true }) },
    extensions: notes({ effects: { destructive: true, idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([ConnectedAppNotFoundClass], async () => {
        await disconnectApp(services, viewer, input.clientId);
        return { clientId: input.clientId };
      }),
  }),
);
