import { InvalidInput as InvalidInputClass } from '../invalid-input.ts';
import { builder } from '../schema/builder.ts';
import { InvalidInput, orNamedError, resultType } from '../schema/user-error.ts';
import type { Account } from './account.ts';
import { createAccount } from './create-account.ts';
import { HandleReserved as HandleReservedClass, HandleTaken as HandleTakenClass } from './errors.ts';
import { HandleReserved, HandleTaken } from './errors-schema.ts';
import { User } from './schema.ts';

const CreateAccountPayload = builder
  .objectRef<{ account: Account; secret: string }>('CreateAccountPayload')
  .implement({
    fields: (t) => ({
      user: t.field({ type: User, resolve: ({ account }) => account }),
      secret: t.exposeString('secret', { description: 'The account’s first API key, shown this once.' }),
    }),
  });
const CreateAccountResult = builder.unionType('CreateAccountResult', {
  types: [CreateAccountPayload, InvalidInput, HandleReserved, HandleTaken],
  resolveType: resultType('CreateAccountPayload'),
});
const CreateAccountInput = builder.inputType('CreateAccountInput', {
  fields: (t) => ({
    handle: t.string({
      required: true,
      description: '2 to 39 small letters, digits, hyphens or underscores. Some are reserved, such as admin.',
    }),
    displayName: t.string({ description: 'The handle, unless told.' }),
  }),
});

builder.mutationField('createAccount', (t) =>
  t.withAuth({ scope: 'memories:admin' }).field({
    type: CreateAccountResult,
    description: 'Make an account for somebody, with an API key to begin with. Administrators only.',
    args: { input: t.arg({ type: CreateAccountInput, required: true }) },
    resolve: (_root, { input }, { services }) =>
      orNamedError([InvalidInputClass, HandleReservedClass, HandleTakenClass], () =>
        createAccount(services, input),
      ),
  }),
);
