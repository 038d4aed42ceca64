import { findClientName } from '../oauth/find-client-name.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import {
  checkedFirst,
  decodeCursor,
  encodeCursor,
  page,
  pageInfo,
  PageInfo,
  type Page,
} from '../schema/pagination.ts';
import { orNamedError, resultType } from '../schema/user-error.ts';
import { Administration, LOOK_AFTER } from './administration-schema.ts';
import { disableClient, enableClient } from './disable-client.ts';
import { ClientNotFound as ClientNotFoundClass } from './errors.ts';
import { ClientNotFound } from './errors-schema.ts';
import { listClients } from './list-clients.ts';
import type { ManagedClient as ManagedClientShape } from './managed-client.ts';

const ManagedClient = builder.objectRef<ManagedClientShape>('ManagedClient').implement({
  description: 'An app that registered itself, or that somebody has connected.',
  fields: (t) => ({
    clientId: t.exposeID('clientId'),
    name: t.withAuth(LOOK_AFTER).string({
      nullable: true,
      description:
        'As it registered itself; anybody may register any name. Null for an app that a document at its id describes.',
      extensions: notes({ cost: 1 }),
      resolve: ({ clientId }, _args, { services }) => findClientName(services, clientId),
    }),
    registeredAt: t.expose('registeredAt', { type: 'DateTime', nullable: true }),
    disabledAt: t.expose('disabledAt', { type: 'DateTime', nullable: true }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'By whichever account, to the minute.',
    }),
    grantCount: t.int({
      description: 'What it was allowed and that is still good.',
      resolve: ({ grants }) => grants,
    }),
    userCount: t.int({
      description: 'How many accounts have it among their apps.',
      resolve: ({ users }) => users,
    }),
  }),
});
const ManagedClientEdge = builder
  .objectRef<{ cursor: string; node: ManagedClientShape }>('ManagedClientEdge')
  .implement({
    fields: (t) => ({ cursor: t.exposeString('cursor'), node: t.expose('node', { type: ManagedClient }) }),
  });
const ManagedClientConnection = builder
  .objectRef<Page<ManagedClientShape>>('ManagedClientConnection')
  .implement({
    fields: (t) => ({
      edges: t.expose('edges', { type: [ManagedClientEdge] }),
      pageInfo: t.field({ type: PageInfo, resolve: pageInfo }),
    }),
  });

const isCursor = (parts: unknown): parts is [string] =>
  Array.isArray(parts) && parts.length === 1 && typeof parts[0] === 'string' && !parts[0].includes('\u0000');

builder.objectField(Administration, 'clients', (t) =>
  t.withAuth(LOOK_AFTER).field({
    type: ManagedClientConnection,
    description: 'The apps, by their ids. Clients of the server’s settings are not among them.',
    args: {
      first: t.arg.int({ defaultValue: 20, description: 'At most 100.' }),
      after: t.arg.string({ description: 'The `endCursor` of the page before.' }),
    },
    extensions: notes({ sizedBy: 'first' }),
    resolve: async (_root, args, { services, viewer }) => {
      const first = checkedFirst(args.first, 20);
      const after = decodeCursor(args.after, isCursor);
      const rows = await listClients(services, viewer, after?.[0] ?? null, first + 1);
      return page(rows, first, after, ({ clientId }) => encodeCursor([clientId]));
    },
  }),
);

function payload(name: string) {
  return builder.objectRef<ManagedClientShape>(name).implement({
    fields: (t) => ({ client: t.field({ type: ManagedClient, resolve: (client) => client }) }),
  });
}
const DisableClientInput = builder.inputType('DisableClientInput', {
  fields: (t) => ({ clientId: t.id({ required: true }) }),
});
const EnableClientInput = builder.inputType('EnableClientInput', {
  fields: (t) => ({ clientId: t.id({ required: true }) }),
});

builder.mutationField('disableClient', (t) =>
  t.withAuth(LOOK_AFTER).field({
    type: builder.unionType('DisableClientResult', {
      types: [payload('DisableClientPayload'), ClientNotFound],
      resolveType: resultType('DisableClientPayload'),
    }),
    description:
      'End every token of an app, whoever has connected it, and take nothing from it any longer: within a second, on every instance.',
    args: { input: t.arg({ type: DisableClientInput, required: true }) },
    extensions: notes({ cost: 10, effects: { destructive: true, idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([ClientNotFoundClass], () => disableClient(services, viewer, input.clientId)),
  }),
);

builder.mutationField('enableClient', (t) =>
  t.withAuth(LOOK_AFTER).field({
    type: builder.unionType('EnableClientResult', {
      types: [payload('EnableClientPayload'), ClientNotFound],
      resolveType: resultType('EnableClientPayload'),
    }),
    description: 'Know an app again. Whoever had connected it connects it anew.',
    args: { input: t.arg({ type: EnableClientInput, required: true }) },
    extensions: notes({ cost: 10, effects: { idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([ClientNotFoundClass], () => enableClient(services, viewer, input.clientId)),
  }),
);
