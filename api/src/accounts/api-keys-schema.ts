import { InvalidInput as InvalidInputClass } from '../invalid-input.ts';
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
import { InvalidInput, orNamedError, resultType, UserError } from '../schema/user-error.ts';
import type { ApiKey as ApiKeyShape } from './api-key.ts';
import { createApiKey } from './create-api-key.ts';
import { Face, Scope } from './credential-schema.ts';
import { ApiKeyNotFound as ApiKeyNotFoundClass } from './errors.ts';
import { listApiKeys } from './list-api-keys.ts';
import { revokeApiKey } from './revoke-api-key.ts';
import { Viewer } from './schema.ts';

const ApiKey = builder.objectRef<ApiKeyShape>('ApiKey').implement({
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
  t.withAuth({ scope: 'memories:write' }).field({
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

const ApiKeyNotFound = builder.objectRef<ApiKeyNotFoundClass>('ApiKeyNotFound').implement({
  description: 'You have no such API key.',
  interfaces: [UserError],
  fields: (t) => ({ apiKeyId: t.exposeID('apiKeyId') }),
});
const CreateApiKeyPayload = builder
  .objectRef<{ apiKey: ApiKeyShape; secret: string }>('CreateApiKeyPayload')
  .implement({
    fields: (t) => ({
      apiKey: t.expose('apiKey', { type: ApiKey }),
      secret: t.exposeString('secret', { description: 'Shown this once: keep it now.' }),
    }),
  });
const CreateApiKeyResult = builder.unionType('CreateApiKeyResult', {
  types: [CreateApiKeyPayload, InvalidInput],
  resolveType: resultType('CreateApiKeyPayload'),
});
const CreateApiKeyInput = builder.inputType('CreateApiKeyInput', {
  fields: (t) => ({
    name: t.string({ required: true, description: 'What you will know it by.' }),
    scopes: t.field({
      type: [Scope],
      required: true,
      description: 'No more than your present credential holds.',
    }),
    faces: t.field({
      type: [Face],
      required: true,
      description: 'No more than your present credential holds.',
    }),
    expiresAt: t.field({ type: 'DateTime', description: 'No later than your present credential expires.' }),
  }),
});

builder.mutationField('createApiKey', (t) =>
  t.withAuth({ scope: 'memories:write' }).field({
    type: CreateApiKeyResult,
    description: 'Make an API key that can do no more, and lives no longer, than the credential you use.',
    args: { input: t.arg({ type: CreateApiKeyInput, required: true }) },
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([InvalidInputClass], () =>
        createApiKey(services, viewer, { ...input, expiresAt: input.expiresAt ?? null }),
      ),
  }),
);

const RevokeApiKeyPayload = builder.objectRef<{ apiKeyId: string }>('RevokeApiKeyPayload').implement({
  fields: (t) => ({ apiKeyId: t.exposeID('apiKeyId') }),
});
const RevokeApiKeyResult = builder.unionType('RevokeApiKeyResult', {
  types: [RevokeApiKeyPayload, ApiKeyNotFound],
  resolveType: resultType('RevokeApiKeyPayload'),
});
const RevokeApiKeyInput = builder.inputType('RevokeApiKeyInput', {
  fields: (t) => ({ id: t.id({ required: true }) }),
});

builder.mutationField('revokeApiKey', (t) =>
  t.withAuth({ scope: 'memories:write' }).field({
    type: RevokeApiKeyResult,
    description: 'End one of your API keys. It is refused everywhere within a second.',
    args: { input: t.arg({ type: RevokeApiKeyInput, required: true }) },
    extensions: notes({ effects: { destructive: true, idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([ApiKeyNotFoundClass], async () => {
        await revokeApiKey(services, viewer, input.id);
        return { apiKeyId: input.id };
      }),
  }),
);
