import { InvalidInput as InvalidInputClass } from '../invalid-input.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { InvalidInput, orNamedError, resultType } from '../schema/user-error.ts';
import { MANAGE_ACCOUNT } from './account-scope.ts';
import { deleteAccount } from './delete-account.ts';
import { LastAdministrator, ReauthenticationRequired } from './errors-schema.ts';
import { LastAdministrator as LastAdministratorClass } from './errors.ts';
import { ReauthenticationRequired as ReauthenticationRequiredClass } from './sign-in-errors.ts';

const DeleteAccountPayload = builder.objectRef<{ userId: string }>('DeleteAccountPayload').implement({
  fields: (t) => ({ userId: t.exposeID('userId') }),
});
const DeleteAccountResult = builder.unionType('DeleteAccountResult', {
  types: [DeleteAccountPayload, InvalidInput, LastAdministrator, ReauthenticationRequired],
  resolveType: resultType('DeleteAccountPayload'),
});
const DeleteAccountInput = builder.inputType('DeleteAccountInput', {
  fields: (t) => ({
    handle: t.string({ required: true, description: 'Your own, to show that you mean this account.' }),
  }),
});

builder.mutationField('deleteAccount', (t) =>
  t.withAuth(MANAGE_ACCOUNT).field({
    type: DeleteAccountResult,
    description:
      'Destroy your account: the key that opens your memories, the memories, and everything else of yours, at once and for ' +
      'ever. Export them first if you want to keep them. Very many memories take longer than a request may: they are gone a little ' +
      'after it was given up. Needs a recent sign-in.',
    args: { input: t.arg({ type: DeleteAccountInput, required: true }) },
    extensions: notes({ cost: 100, effects: { destructive: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([InvalidInputClass, LastAdministratorClass, ReauthenticationRequiredClass], async () => {
        await deleteAccount(services, viewer, input.handle);
        return { userId: viewer.id };
      }),
  }),
);
