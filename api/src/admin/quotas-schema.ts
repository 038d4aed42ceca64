import { InvalidInput as InvalidInputClass } from '../invalid-input.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { InvalidInput, orNamedError, resultType } from '../schema/user-error.ts';
import { Administration, LOOK_AFTER } from './administration-schema.ts';
import { UserNotFound as UserNotFoundClass } from './errors.ts';
import { UserNotFound } from './errors-schema.ts';
import type { ManagedUser as ManagedUserShape } from './managed-user.ts';
import { readServerQuota, setServerQuota, setUserQuota, type Quota as QuotaShape } from './set-quota.ts';
import { ManagedUser } from './users-schema.ts';

const MEGABYTES = 'Of 1,000,000 bytes, for sealed texts with their history and the trash.';

const Quotas = builder.objectRef<QuotaShape>('Quotas').implement({
  description: 'How much an account may hold.',
  fields: (t) => ({
    maxMemories: t.exposeInt('maxMemories', {
      nullable: true,
      description: 'Those in the trash are not counted.',
    }),
    maxStorageMegabytes: t.int({
      nullable: true,
      description: MEGABYTES,
      resolve: ({ maxMegabytes }) => maxMegabytes,
    }),
  }),
});

builder.objectField(Administration, 'quotas', (t) =>
  t.withAuth(LOOK_AFTER).field({
    type: Quotas,
    description: 'For every account that has no number of its own. Null is no limit.',
    resolve: (_root, _args, { services, viewer }) => readServerQuota(services, viewer),
  }),
);

builder.objectField(ManagedUser, 'quotas', (t) =>
  t.withAuth(LOOK_AFTER).field({
    type: Quotas,
    description: 'Numbers of its own. Where there is null the server’s holds.',
    resolve: (user) => user,
  }),
);

const SetServerQuotasInput = builder.inputType('SetServerQuotasInput', {
  description: 'What is left out stays as it is. Null takes the limit away.',
  fields: (t) => ({
    maxMemories: t.int(),
    maxStorageMegabytes: t.int({ description: MEGABYTES }),
  }),
});
const SetUserQuotasInput = builder.inputType('SetUserQuotasInput', {
  description:
    'What is left out stays as it is. Null lets the server’s hold again; 2147483647 is as good as no limit.',
  fields: (t) => ({
    userId: t.id({ required: true }),
    maxMemories: t.int(),
    maxStorageMegabytes: t.int({ description: MEGABYTES }),
  }),
});

builder.mutationField('setServerQuotas', (t) =>
  t.withAuth(LOOK_AFTER).field({
    type: builder.unionType('SetServerQuotasResult', {
      types: [
        builder.objectRef<QuotaShape>('SetServerQuotasPayload').implement({
          fields: (p) => ({ quotas: p.field({ type: Quotas, resolve: (quotas) => quotas }) }),
        }),
        InvalidInput,
      ],
      resolveType: resultType('SetServerQuotasPayload'),
    }),
    description:
      'How much each account may hold that has no number of its own. One that holds more keeps it and adds nothing.',
    args: { input: t.arg({ type: SetServerQuotasInput, required: true }) },
    extensions: notes({ cost: 10, effects: { idempotent: true } }),
    resolve: (_root, { input: { maxStorageMegabytes, ...rest } }, { services, viewer }) =>
      orNamedError([InvalidInputClass], () =>
        setServerQuota(services, viewer, { ...rest, maxMegabytes: maxStorageMegabytes }),
      ),
  }),
);

builder.mutationField('setUserQuotas', (t) =>
  t.withAuth(LOOK_AFTER).field({
    type: builder.unionType('SetUserQuotasResult', {
      types: [
        builder.objectRef<ManagedUserShape>('SetUserQuotasPayload').implement({
          fields: (p) => ({ user: p.field({ type: ManagedUser, resolve: (user) => user }) }),
        }),
        UserNotFound,
        InvalidInput,
      ],
      resolveType: resultType('SetUserQuotasPayload'),
    }),
    description: 'How much one account may hold, in place of what holds for all.',
    args: { input: t.arg({ type: SetUserQuotasInput, required: true }) },
    extensions: notes({ cost: 10, effects: { idempotent: true } }),
    resolve: (_root, { input: { maxStorageMegabytes, ...rest } }, { services, viewer }) =>
      orNamedError([UserNotFoundClass, InvalidInputClass], () =>
        setUserQuota(services, viewer, { ...rest, maxMegabytes: maxStorageMegabytes }),
      ),
  }),
);
