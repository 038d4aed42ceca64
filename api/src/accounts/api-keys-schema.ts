import { MANAGE_ACCOUNT } from './account-scope.ts';
import { builder } from '../schema/builder.ts';
import { isId } from '../id.ts';
import { Node } from '../schema/node.ts';
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
import type { ApiKey as ApiKeyShape } from './api-key.ts';
import { Face, Scope } from './credential-schema.ts';
import { listApiKeys } from './list-api-keys.ts';
import { Viewer } from './schema.ts';

export const ApiKey = builder.objectRef<ApiKeyShape>('ApiKey').implement({
  description: 'A credential for scripts and assistants. Its secret is shown once, when it is made.',
  interfaces: [Node],
  fields: (t) => ({
    name: t.exposeString('name'),
    scopes: t.expose('scopes', { type: [Scope] }),
    faces: t.expose('faces', { type: [Face] }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Null if it does not expire.',
    }),
    lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime', nullable: true, description: 'To the minute.' }),
  }),
});

const ApiKeyEdge = builder.objectRef<{ cursor: string; node: ApiKeyShape }>('ApiKeyEdge').implement({
  fields: (t) => ({ cursor: t.exposeString('cursor'), node: t.expose('node', { type: ApiKey }) }),
});
const ApiKeyConnection = builder.objectRef<Page<ApiKeyShape>>('ApiKeyConnection').implement({
  fields: (t) => ({
    edges: t.expose('edges', { type: [ApiKeyEdge] }),
    pageInfo: t.field({ type: PageInfo, resolve: pageInfo }),
  }),
});

const isKeyCursor = (parts: unknown): parts is [string, string] =>
  Array.isArray(parts) && parts.length === 2 && isInstant(parts[0]) && isId(String(parts[1]));

builder.objectField(Viewer, 'apiKeys', (t) =>
  t.withAuth(MANAGE_ACCOUNT).field({
    type: ApiKeyConnection,
    description: 'Your API keys, newest first.',
    args: { first: t.arg.int({ defaultValue: 20 }), after: t.arg.string() },
    extensions: notes({ sizedBy: 'first' }),
    resolve: async (_viewer, args, { services, viewer }) => {
      const first = checkedFirst(args.first, 20);
      const after = decodeCursor(args.after, isKeyCursor);
      const position = after && { createdAt: new Date(after[0]), id: after[1] };
      const keys = await listApiKeys(services, viewer, position, first + 1);
      return page(keys, first, after, ({ createdAt, id }) => encodeCursor([createdAt.toISOString(), id]));
    },
  }),
);
