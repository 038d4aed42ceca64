import { InvalidInput as InvalidInputClass } from '../invalid-input.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { InvalidInput, orNamedError, resultType } from '../schema/user-error.ts';
import { MANAGE_ACCOUNT } from './account-scope.ts';
import { addPasskey } from './add-passkey.ts';
import { beginPasskey } from './begin-passkey.ts';
import { deletePasskey } from './delete-passkey.ts';
import { PasskeyNotFound, PasskeyRefused, ReauthenticationRequired } from './errors-schema.ts';
import { PasskeyNotFound as PasskeyNotFoundClass, PasskeyRefused as PasskeyRefusedClass } from './errors.ts';
import { listPasskeys } from './list-passkeys.ts';
import { MAX_PASSKEYS, type Passkey as PasskeyShape } from './passkey.ts';
import { renamePasskey } from './rename-passkey.ts';
import { Viewer } from './schema.ts';
import { ReauthenticationRequired as ReauthenticationRequiredClass } from './sign-in-errors.ts';

const Passkey = builder.objectRef<PasskeyShape>('Passkey').implement({
  description: 'A device or a password manager that signs you in without your password (Web Authentication).',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The credential’s id as WebAuthn gives it, base64url.' }),
    name: t.exposeString('name'),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime', nullable: true }),
  }),
});

builder.objectField(Viewer, 'passkeys', (t) =>
  t.withAuth(MANAGE_ACCOUNT).field({
    type: [Passkey],
    description: `Your passkeys, oldest first; at most ${MAX_PASSKEYS}.`,
    extensions: notes({ cost: 1 }),
    resolve: (_viewer, _args, { services, viewer }) => listPasskeys(services, viewer),
  }),
);

const BeginPasskeyPayload = builder.objectRef<{ options: string }>('BeginPasskeyPayload').implement({
  fields: (t) => ({
    options: t.exposeString('options', {
      // One text: the browser takes it whole, and what WebAuthn adds to it reaches the browser without a word of ours.
      description:
        'PublicKeyCredentialCreationOptionsJSON (Web Authentication Level 3, section 5.1.8) as JSON text, for ' +
        '`PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(options))`. To be answered once, within 5 minutes, ' +
        'on a page of this server’s own address.',
    }),
  }),
});
const BeginPasskeyResult = builder.unionType('BeginPasskeyResult', {
  types: [BeginPasskeyPayload, PasskeyRefused, ReauthenticationRequired],
  resolveType: resultType('BeginPasskeyPayload'),
});
builder.mutationField('beginPasskey', (t) =>
  t.withAuth(MANAGE_ACCOUNT).field({
    type: BeginPasskeyResult,
    description:
      'Begin to add a passkey: what the browser is to ask an authenticator. Needs a recent sign-in.',
    extensions: notes({ cost: 10 }),
    resolve: (_root, _args, { services, viewer, publicUrl }) =>
      orNamedError([PasskeyRefusedClass, ReauthenticationRequiredClass], async () => ({
        options: JSON.stringify(await beginPasskey(services, viewer, publicUrl.origin)),
      })),
  }),
);

const PasskeyPayload = (name: string) =>
  builder.objectRef<{ passkey: PasskeyShape }>(name).implement({
    fields: (t) => ({ passkey: t.expose('passkey', { type: Passkey }) }),
  });

const AddPasskeyResult = builder.unionType('AddPasskeyResult', {
  types: [PasskeyPayload('AddPasskeyPayload'), InvalidInput, PasskeyRefused, ReauthenticationRequired],
  resolveType: resultType('AddPasskeyPayload'),
});
const AddPasskeyInput = builder.inputType('AddPasskeyInput', {
  fields: (t) => ({
    response: t.string({
      required: true,
      description:
        'The browser’s answer, `JSON.stringify(credential.toJSON())`: RegistrationResponseJSON (Web Authentication Level 3, ' +
        'section 5.1) as JSON text.',
    }),
    name: t.string({ description: 'What you will know it by, at most 80 characters.' }),
  }),
});
builder.mutationField('addPasskey', (t) =>
  t.withAuth(MANAGE_ACCOUNT).field({
    type: AddPasskeyResult,
    description: 'Add the passkey that an authenticator has made. Needs a recent sign-in.',
    args: { input: t.arg({ type: AddPasskeyInput, required: true }) },
    extensions: notes({ cost: 10 }),
    resolve: (_root, { input }, { services, viewer, publicUrl }) =>
      orNamedError([InvalidInputClass, PasskeyRefusedClass, ReauthenticationRequiredClass], async () => ({
        passkey: await addPasskey(services, viewer, publicUrl.origin, {
          ...input,
          response: parsed(input.response),
        }),
      })),
  }),
);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidInputClass('response', 'must be JSON');
  }
}

const RenamePasskeyResult = builder.unionType('RenamePasskeyResult', {
  types: [PasskeyPayload('RenamePasskeyPayload'), InvalidInput, PasskeyNotFound],
  resolveType: resultType('RenamePasskeyPayload'),
});
const RenamePasskeyInput = builder.inputType('RenamePasskeyInput', {
  fields: (t) => ({ id: t.id({ required: true }), name: t.string({ required: true }) }),
});
builder.mutationField('renamePasskey', (t) =>
  t.withAuth(MANAGE_ACCOUNT).field({
    type: RenamePasskeyResult,
    args: { input: t.arg({ type: RenamePasskeyInput, required: true }) },
    extensions: notes({ effects: { idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([InvalidInputClass, PasskeyNotFoundClass], async () => ({
        passkey: await renamePasskey(services, viewer, input),
      })),
  }),
);

const DeletePasskeyPayload = builder.objectRef<{ passkeyId: string }>('DeletePasskeyPayload').implement({
  fields: (t) => ({ passkeyId: t.exposeID('passkeyId') }),
});
const DeletePasskeyResult = builder.unionType('DeletePasskeyResult', {
  types: [DeletePasskeyPayload, PasskeyNotFound, ReauthenticationRequired],
  resolveType: resultType('DeletePasskeyPayload'),
});
const DeletePasskeyInput = builder.inputType('DeletePasskeyInput', {
  fields: (t) => ({ id: t.id({ required: true }) }),
});
builder.mutationField('deletePasskey', (t) =>
  t.withAuth(MANAGE_ACCOUNT).field({
    type: DeletePasskeyResult,
    description: 'Sign in with this passkey no more. Your other ways in stay. Needs a recent sign-in.',
    args: { input: t.arg({ type: DeletePasskeyInput, required: true }) },
    extensions: notes({ effects: { destructive: true, idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([PasskeyNotFoundClass, ReauthenticationRequiredClass], async () => {
        await deletePasskey(services, viewer, input.id);
        return { passkeyId: input.id };
      }),
  }),
);
