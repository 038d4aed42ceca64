import { InvalidInput as InvalidInputClass } from '../invalid-input.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { InvalidInput, orNamedError, resultType } from '../schema/user-error.ts';
import { MANAGE_ACCOUNT } from './account-scope.ts';
import { changePassword } from './change-password.ts';
import { countRecoveryCodes } from './count-recovery-codes.ts';
import { ReauthenticationRequired, TooManyAttempts, WrongPassword } from './errors-schema.ts';
import { renewRecoveryCodes } from './renew-recovery-codes.ts';
import { Viewer } from './schema.ts';
import {
  ReauthenticationRequired as ReauthenticationRequiredClass,
  TooManyAttempts as TooManyAttemptsClass,
  WrongPassword as WrongPasswordClass,
} from './sign-in-errors.ts';
import type { Viewer as ViewerShape } from './viewer.ts';

const ChangePasswordPayload = builder.objectRef<{ viewer: ViewerShape }>('ChangePasswordPayload').implement({
  fields: (t) => ({ viewer: t.expose('viewer', { type: Viewer }) }),
});
const ChangePasswordResult = builder.unionType('ChangePasswordResult', {
  types: [ChangePasswordPayload, InvalidInput, WrongPassword, TooManyAttempts, ReauthenticationRequired],
  resolveType: resultType('ChangePasswordPayload'),
});
const ChangePasswordInput = builder.inputType('ChangePasswordInput', {
  fields: (t) => ({
    currentPassword: t.string({ required: true }),
    newPassword: t.string({
      required: true,
      description: '10 to 128 characters; not your handle, and none of the passwords that are tried first.',
    }),
  }),
});

builder.mutationField('changePassword', (t) =>
  t.withAuth(MANAGE_ACCOUNT).field({
    type: ChangePasswordResult,
    description:
      'Set a new password. Every session ends, and every app but the one that asks must be connected again; API keys and ' +
      'passkeys stay. Needs a recent sign-in.',
    args: { input: t.arg({ type: ChangePasswordInput, required: true }) },
    extensions: notes({ cost: 50, effects: { destructive: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError(
        [InvalidInputClass, WrongPasswordClass, TooManyAttemptsClass, ReauthenticationRequiredClass],
        async () => {
          await changePassword(services, viewer, input);
          return { viewer };
        },
      ),
  }),
);

builder.objectField(Viewer, 'recoveryCodesLeft', (t) =>
  t.withAuth(MANAGE_ACCOUNT).int({
    description: 'How many of your one-time recovery codes you have not used yet.',
    resolve: (_viewer, _args, { services, viewer }) => countRecoveryCodes(services, viewer),
  }),
);

const RenewRecoveryCodesPayload = builder
  .objectRef<{ recoveryCodes: string[] }>('RenewRecoveryCodesPayload')
  .implement({
    fields: (t) => ({
      recoveryCodes: t.exposeStringList('recoveryCodes', {
        description: 'Ten, each good once to sign in without the password. Shown this once: keep them now.',
      }),
    }),
  });
const RenewRecoveryCodesResult = builder.unionType('RenewRecoveryCodesResult', {
  types: [RenewRecoveryCodesPayload, ReauthenticationRequired],
  resolveType: resultType('RenewRecoveryCodesPayload'),
});

builder.mutationField('renewRecoveryCodes', (t) =>
  t.withAuth(MANAGE_ACCOUNT).field({
    type: RenewRecoveryCodesResult,
    description: 'Get new recovery codes; the former ones are of no use any more. Needs a recent sign-in.',
    extensions: notes({ effects: { destructive: true } }),
    resolve: (_root, _args, { services, viewer }) =>
      orNamedError([ReauthenticationRequiredClass], async () => ({
        recoveryCodes: await renewRecoveryCodes(services, viewer),
      })),
  }),
);
