import { builder } from '../schema/builder.ts';
import { findNodeBy, Node } from '../schema/node.ts';
import type { Account } from './account.ts';
import { findAccount } from './find-account.ts';
import type { Viewer as ViewerShape } from './viewer.ts';

export const User = builder.objectRef<Account>('User').implement({
  description: 'A person with an account.',
  interfaces: [Node],
  fields: (t) => ({
    handle: t.exposeString('handle', { description: 'Unique on this server.' }),
    displayName: t.exposeString('displayName'),
    about: t
      .withAuth({ scope: 'memories:read' })
      .exposeString('about', { description: 'What they tell of themselves; may be empty.' }),
  }),
});

findNodeBy('User', findAccount);

export const Viewer = builder.objectRef<ViewerShape>('Viewer').implement({
  description: 'You: the account whose credential the request bears.',
  fields: (t) => ({
    user: t.field({
      type: User,
      resolve: async ({ id }, _args, { loaders }) => {
        const account = await loaders.accounts.load(id);
        if (!account) throw new Error('The account of a living credential is gone');
        return account;
      },
    }),
    administrator: t.exposeBoolean('administrator', { description: 'Whether you look after this server.' }),
    scopes: t.field({
      type: ['String'],
      description: 'What your credential may do.',
      resolve: ({ scopes }) => [...scopes],
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.withAuth({ signedIn: true }).field({
    type: Viewer,
    description: 'You.',
    resolve: (_root, _args, { viewer }) => viewer,
  }),
);

builder.queryField('user', (t) =>
  t.withAuth({ signedIn: true }).field({
    type: User,
    nullable: true,
    description: 'The person with this id, if you may see them.',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { services, viewer }) => findAccount(services, viewer, id),
  }),
);
