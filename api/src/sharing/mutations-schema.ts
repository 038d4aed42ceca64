import { InvalidInput as InvalidInputClass } from '../invalid-input.ts';
import { MemoryNotFound as MemoryNotFoundClass } from '../memories/errors.ts';
import { MemoryNotFound } from '../memories/errors-schema.ts';
import { Memory } from '../memories/schema.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { InvalidInput, orNamedError, resultType } from '../schema/user-error.ts';
import * as errors from './errors.ts';
import { GranteeNotFound, GrantNotFound, NotPermitted, TooManyGrants } from './errors-schema.ts';
import type { Grant as GrantShape } from './grant.ts';
import { Grant } from './grants-schema.ts';
import { RevokeShareInput, ShareByRuleInput, ShareMemoryInput } from './inputs-schema.ts';
import { revokeShare, type Revoked } from './revoke-share.ts';
import { shareByRule } from './share-by-rule.ts';
import { shareMemory } from './share-memory.ts';

const ShareMemoryPayload = builder
  .objectRef<{ grant: GrantShape; memoryId: string }>('ShareMemoryPayload')
  .implement({
    fields: (t) => ({
      grant: t.expose('grant', { type: Grant }),
      memory: t.field({
        type: Memory,
        nullable: true,
        description: 'Null where you may no longer see it.',
        resolve: ({ memoryId }, _args, { loaders }) => loaders.memories.load(memoryId),
      }),
    }),
  });

builder.mutationField('shareMemory', (t) =>
  t.withAuth({ scope: 'memories:write' }).field({
    type: builder.unionType('ShareMemoryResult', {
      types: [ShareMemoryPayload, InvalidInput, MemoryNotFound, GranteeNotFound, NotPermitted, TooManyGrants],
      resolveType: resultType('ShareMemoryPayload'),
    }),
    description:
      'Let a person or a group see one memory, of yours or one that you may pass on. Again with the same ones it changes the ' +
      'share: to this level and this end. While the memory is PRIVATE nobody sees it all the same.',
    args: { input: t.arg({ type: ShareMemoryInput, required: true }) },
    extensions: notes({ cost: 1, effects: { idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError(
        [
          InvalidInputClass,
          MemoryNotFoundClass,
          errors.GranteeNotFound,
          errors.NotPermitted,
          errors.TooManyGrants,
        ],
        async () => ({ grant: await shareMemory(services, viewer, input), memoryId: input.memoryId }),
      ),
  }),
);

const ShareByRulePayload = builder
  .objectRef<{ grant: GrantShape; memoriesNow: number }>('ShareByRulePayload')
  .implement({
    fields: (t) => ({
      grant: t.expose('grant', { type: Grant }),
      memoriesNow: t.exposeInt('memoriesNow', {
        description:
          'How many memories it lets them see at present; private ones and the trash are not among them.',
      }),
    }),
  });

builder.mutationField('shareByRule', (t) =>
  t.withAuth({ scope: 'memories:write' }).field({
    type: builder.unionType('ShareByRuleResult', {
      types: [ShareByRulePayload, InvalidInput, GranteeNotFound, TooManyGrants],
      resolveType: resultType('ShareByRulePayload'),
    }),
    description:
      'Let a person or a group see all of your memories that fit a rule, today’s and those to come, but for private ones. ' +
      'The same rule with the same ones again changes the share: to this level and this end.',
    args: { input: t.arg({ type: ShareByRuleInput, required: true }) },
    extensions: notes({ cost: 10, effects: { idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([InvalidInputClass, errors.GranteeNotFound, errors.TooManyGrants], () =>
        shareByRule(services, viewer, input),
      ),
  }),
);

const RevokeSharePayload = builder.objectRef<Revoked>('RevokeSharePayload').implement({
  fields: (t) => ({
    grantIds: t.exposeIDList('grantIds', { description: 'The shares that ended.' }),
    memory: t.field({
      type: Memory,
      nullable: true,
      description: 'Null for a share by rule. Its `access` tells who sees it still, and why.',
      resolve: ({ memoryId }, _args, { loaders }) =>
        memoryId === null ? null : loaders.memories.load(memoryId),
    }),
  }),
});

builder.mutationField('revokeShare', (t) =>
  t.withAuth({ scope: 'memories:write' }).field({
    type: builder.unionType('RevokeShareResult', {
      types: [RevokeSharePayload, InvalidInput, GrantNotFound, MemoryNotFound, GranteeNotFound, NotPermitted],
      resolveType: resultType('RevokeSharePayload'),
    }),
    description:
      'End a share at once: one by its id, or all direct ones of a memory with a person or group. What was passed on by it ends ' +
      'with it. Whoever sees the memory for another reason as well goes on seeing it.',
    args: { input: t.arg({ type: RevokeShareInput, required: true }) },
    extensions: notes({ cost: 1, effects: { destructive: true, idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError(
        [
          InvalidInputClass,
          errors.GrantNotFound,
          MemoryNotFoundClass,
          errors.GranteeNotFound,
          errors.NotPermitted,
        ],
        () => revokeShare(services, viewer, input),
      ),
  }),
);
