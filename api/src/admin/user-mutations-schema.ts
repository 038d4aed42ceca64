import { LastAdministrator } from '../accounts/errors-schema.ts';
import { InvalidInput as InvalidInputClass } from '../invalid-input.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { InvalidInput, orNamedError, resultType } from '../schema/user-error.ts';
import { LOOK_AFTER } from './administration-schema.ts';
import { changeAdministrator } from './change-administrator.ts';
import * as errors from './errors.ts';
import { UserNotFound } from './errors-schema.ts';
import type { ManagedUser as ManagedUserShape } from './managed-user.ts';
import { resumeUser } from './resume-user.ts';
import { suspendUser } from './suspend-user.ts';
import { ManagedUser } from './users-schema.ts';

function payload(name: string) {
  return builder.objectRef<ManagedUserShape>(name).implement({
    fields: (t) => ({ user: t.field({ type: ManagedUser, resolve: (user) => user }) }),
  });
}

const SuspendUserInput = builder.inputType('SuspendUserInput', {
  fields: (t) => ({ userId: t.id({ required: true }) }),
});
const ResumeUserInput = builder.inputType('ResumeUserInput', {
  fields: (t) => ({ userId: t.id({ required: true }) }),
});
const SetAdministratorInput = builder.inputType('SetAdministratorInput', {
  fields: (t) => ({ userId: t.id({ required: true }), administrator: t.boolean({ required: true }) }),
});

builder.mutationField('suspendUser', (t) =>
  t.withAuth(LOOK_AFTER).field({
    type: builder.unionType('SuspendUserResult', {
      types: [payload('SuspendUserPayload'), UserNotFound, InvalidInput],
      resolveType: resultType('SuspendUserPayload'),
    }),
    description:
      'Refuse everything of an account within a second, on every instance: signing in, API keys, tokens, open streams. Its ' +
      'sessions and its apps’ tokens end for good. What it has shared is hidden from others until it is resumed.',
    args: { input: t.arg({ type: SuspendUserInput, required: true }) },
    extensions: notes({ cost: 10, effects: { destructive: true, idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([errors.UserNotFound, InvalidInputClass], () =>
        suspendUser(services, viewer, input.userId),
      ),
  }),
);

builder.mutationField('resumeUser', (t) =>
  t.withAuth(LOOK_AFTER).field({
    type: builder.unionType('ResumeUserResult', {
      types: [payload('ResumeUserPayload'), UserNotFound],
      resolveType: resultType('ResumeUserPayload'),
    }),
    description:
      'Take a suspended account again: its API keys are good at once; people sign in and connect their apps anew.',
    args: { input: t.arg({ type: ResumeUserInput, required: true }) },
    extensions: notes({ cost: 10, effects: { idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([errors.UserNotFound], () => resumeUser(services, viewer, input.userId)),
  }),
);

builder.mutationField('setAdministrator', (t) =>
  t.withAuth(LOOK_AFTER).field({
    type: builder.unionType('SetAdministratorResult', {
      types: [payload('SetAdministratorPayload'), UserNotFound, LastAdministrator, InvalidInput],
      resolveType: resultType('SetAdministratorPayload'),
    }),
    description:
      'Make an account an administrator, or one that is none any longer. There is always one who is not suspended.',
    args: { input: t.arg({ type: SetAdministratorInput, required: true }) },
    extensions: notes({ cost: 10, effects: { destructive: true, idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([errors.UserNotFound, errors.LastAdministrator, InvalidInputClass], () =>
        changeAdministrator(services, viewer, input),
      ),
  }),
);
