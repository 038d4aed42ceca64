import { MANAGE_ACCOUNT } from './account-scope.ts';
import { InvalidInput as InvalidInputClass } from '../invalid-input.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { InvalidInput, orNamedError, resultType } from '../schema/user-error.ts';
import type { ApiKey as ApiKeyShape } from './api-key.ts';
import { ApiKey } from './api-keys-schema.ts';
import { createApiKey } from './create-api-key.ts';
import { Face, Scope } from './credential-schema.ts';
import { ApiKeyNotFound, ReauthenticationRequired } from './errors-schema.ts';
import { ApiKeyNotFound as ApiKeyNotFoundClass } from './errors.ts';
import { revokeApiKey } from './revoke-api-key.ts';
import { rotateApiKey } from './rotate-api-key.ts';
import { ReauthenticationRequired as ReauthenticationRequiredClass } from './sign-in-errors.ts';

const CreateApiKeyPayload = builder
  .objectRef<{ apiKey: ApiKeyShape; secret: string }>('CreateApiKeyPayload')
  .implement({
    fields: (t) => ({
      apiKey: t.expose('apiKey', { type: ApiKey }),
      secret: t.exposeString('secret', { description: 'Shown this once: keep it now.' }),
    }),
  });
const CreateApiKeyResult = builder.unionType('CreateApiKeyResult', {
  types: [CreateApiKeyPayload, InvalidInput, ReauthenticationRequired],
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
      description: 'Without a recent sign-in no more than your present credential holds.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'Without a recent sign-in no later than your present credential expires.',
    }),
  }),
});

builder.mutationField('createApiKey', (t) =>
  t.withAuth(MANAGE_ACCOUNT).field({
    type: CreateApiKeyResult,
    description:
      'Make an API key that can do no more than the credential you use. With another key you make keys for no more faces and ' +
      'no longer than that one; with an app’s token you need a recent sign-in.',
    args: { input: t.arg({ type: CreateApiKeyInput, required: true }) },
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([InvalidInputClass, ReauthenticationRequiredClass], () =>
        createApiKey(services, viewer, { ...input, expiresAt: input.expiresAt ?? null }),
      ),
  }),
);

const RevokeApiKeyPayload = builder.objectRef<{ apiKeyId: string }>('RevokeApiKeyPayload').implement({
  fields: (t) => ({ apiKeyId: t.exposeID('apiKeyId') }),
});
const RevokeApiKeyResult = builder.unionType('RevokeApiKeyResult', {
  types: [RevokeApiKeyPayload, ApiKeyNotFound, ReauthenticationRequired],
  resolveType: resultType('RevokeApiKeyPayload'),
});
const RevokeApiKeyInput = builder.inputType('RevokeApiKeyInput', {
  fields: (t) => ({ id: t.id({ required: true }) }),
});

builder.mutationField('revokeApiKey', (t) =>
  t.withAuth(MANAGE_ACCOUNT).field({
    type: RevokeApiKeyResult,
    description:
      'End one of your API keys. It is refused everywhere within a second. A key may end itself, and every other whose scopes ' +
      'it holds; whatever else needs a recent sign-in.',
    args: { input: t.arg({ type: RevokeApiKeyInput, required: true }) },
    extensions: notes({ effects: { destructive: true, idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([ApiKeyNotFoundClass, ReauthenticationRequiredClass], async () => {
        await revokeApiKey(services, viewer, input.id);
        return { apiKeyId: input.id };
      }),
  }),
);

const RotateApiKeyPayload = builder
  .objectRef<{ apiKey: ApiKeyShape; secret: string }>('RotateApiKeyPayload')
  .implement({
    fields: (t) => ({
      apiKey: t.expose('apiKey', { type: ApiKey }),
      secret: t.exposeString('secret', { description: 'Shown this once: keep it now.' }),
    }),
  });
const RotateApiKeyResult = builder.unionType('RotateApiKeyResult', {
  types: [RotateApiKeyPayload, ApiKeyNotFound, InvalidInput, ReauthenticationRequired],
  resolveType: resultType('RotateApiKeyPayload'),
});
const RotateApiKeyInput = builder.inputType('RotateApiKeyInput', {
  fields: (t) => ({ id: t.id({ required: true }) }),
});

builder.mutationField('rotateApiKey', (t) =>
  t.withAuth(MANAGE_ACCOUNT).field({
    type: RotateApiKeyResult,
    description:
      'Give one of your API keys a new secret; the former one is refused everywhere within a second. A key may rotate itself, ' +
      'and every other that it could make; whatever else needs a recent sign-in, and a credential that holds its scopes.',
    args: { input: t.arg({ type: RotateApiKeyInput, required: true }) },
    extensions: notes({ effects: { destructive: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([ApiKeyNotFoundClass, InvalidInputClass, ReauthenticationRequiredClass], () =>
        rotateApiKey(services, viewer, input.id),
      ),
  }),
);
