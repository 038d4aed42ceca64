import { InvalidInput as InvalidInputClass } from '../invalid-input.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { InvalidInput, orNamedError, resultType } from '../schema/user-error.ts';
import type { Account } from './account.ts';
import { MANAGE_ACCOUNT } from './account-scope.ts';
import { HandleReserved, HandleTaken } from './errors-schema.ts';
import { HandleReserved as HandleReservedClass, HandleTaken as HandleTakenClass } from './errors.ts';
import { User } from './schema.ts';
import { updateProfile } from './update-profile.ts';

const UpdateProfilePayload = builder.objectRef<{ account: Account }>('UpdateProfilePayload').implement({
  fields: (t) => ({ user: t.field({ type: User, resolve: ({ account }) => account }) }),
});
const UpdateProfileResult = builder.unionType('UpdateProfileResult', {
  types: [UpdateProfilePayload, InvalidInput, HandleReserved, HandleTaken],
  resolveType: resultType('UpdateProfilePayload'),
});
const UpdateProfileInput = builder.inputType('UpdateProfileInput', {
  description: 'What is not given stays as it is.',
  fields: (t) => ({
    handle: t.string({
      description:
        '2 to 39 small letters, digits, hyphens or underscores; some are reserved, such as admin. The former one is free ' +
        'for others then.',
    }),
    displayName: t.string({ description: 'At most 80 characters.' }),
    about: t.string({ description: 'What you tell of yourself, at most 2000 characters.' }),
  }),
});

builder.mutationField('updateProfile', (t) =>
  t.withAuth(MANAGE_ACCOUNT).field({
    type: UpdateProfileResult,
    description: 'Change how you are called and what you tell of yourself.',
    args: { input: t.arg({ type: UpdateProfileInput, required: true }) },
    extensions: notes({ effects: { idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([InvalidInputClass, HandleReservedClass, HandleTakenClass], async () => ({
        account: await updateProfile(services, viewer, input),
      })),
  }),
);
