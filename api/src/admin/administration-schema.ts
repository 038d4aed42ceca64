import { builder } from '../schema/builder.ts';

export const LOOK_AFTER = { scope: 'memories:admin' } as const;

/** Without fields of its own: each part of the room adds some. */
export const Administration = builder.objectRef<object>('Administration').implement({
  description:
    'What an administrator looks after. It tells who has an account and how much is kept, and never what: no text, tag or title.',
});

builder.queryField('administration', (t) =>
  t.withAuth(LOOK_AFTER).field({
    type: Administration,
    description: 'The server, for its administrators alone.',
    resolve: () => ({}),
  }),
);
