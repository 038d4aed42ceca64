import { InvalidInput as InvalidInputClass } from '../invalid-input.ts';
import { builder } from '../schema/builder.ts';
import { InvalidInput, orNamedError, resultType } from '../schema/user-error.ts';
import type { Account } from './account.ts';
import { linkPath, type NewLink, type Purpose } from './account-link.ts';
import { createAccountLink } from './create-account-link.ts';
import { AccountNotFound } from './errors-schema.ts';
import { AccountNotFound as AccountNotFoundClass } from './errors.ts';
import { User } from './schema.ts';

const AccountLinkPurpose = builder.enumType('AccountLinkPurpose', {
  values: {
    CLAIM: {
      value: 'claim' satisfies Purpose,
      description:
        'To take over an account that was made for somebody: handle, name and password are theirs.',
    },
    RESET: { value: 'reset' satisfies Purpose, description: 'To set a new password.' },
  } as const,
});

const CreateAccountLinkPayload = builder
  .objectRef<{ account: Account; link: NewLink }>('CreateAccountLinkPayload')
  .implement({
    fields: (t) => ({
      user: t.field({ type: User, resolve: ({ account }) => account }),
      purpose: t.field({ type: AccountLinkPurpose, resolve: ({ link }) => link.purpose }),
      path: t.string({
        description: 'Below the address of this server. Good once, for whoever has it. Shown this once.',
        resolve: ({ link }) => linkPath(link),
      }),
      expiresAt: t.field({ type: 'DateTime', resolve: ({ link }) => link.expiresAt }),
    }),
  });
const CreateAccountLinkResult = builder.unionType('CreateAccountLinkResult', {
  types: [CreateAccountLinkPayload, InvalidInput, AccountNotFound],
  resolveType: resultType('CreateAccountLinkPayload'),
});
const CreateAccountLinkInput = builder.inputType('CreateAccountLinkInput', {
  fields: (t) => ({
    handle: t.string({ required: true }),
    purpose: t.field({
      type: AccountLinkPurpose,
      description: 'Unless told, CLAIM for an account that nobody has claimed and RESET for any other.',
    }),
  }),
});

builder.mutationField('createAccountLink', (t) =>
  t.withAuth({ scope: 'memories:admin' }).field({
    type: CreateAccountLinkResult,
    description:
      'Make a one-time link for the owner of an account; give it to nobody else. Administrators only.',
    args: { input: t.arg({ type: CreateAccountLinkInput, required: true }) },
    resolve: (_root, { input }, { services }) =>
      orNamedError([InvalidInputClass, AccountNotFoundClass], () => createAccountLink(services, input)),
  }),
);
