import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { revokeSigningKeys } from './revoke-signing-keys.ts';
import { rotateSigningKey, type SigningKeyRotation } from './rotate-signing-key.ts';

const RotateSigningKeyPayload = builder.objectRef<SigningKeyRotation>('RotateSigningKeyPayload').implement({
  fields: (t) => ({
    signsFrom: t.expose('signsFrom', {
      type: 'DateTime',
      description:
        'When the next key begins to sign. Until then it is published, so that everybody has read it.',
    }),
    made: t.exposeBoolean('made', { description: 'False if a next key was waiting already.' }),
  }),
});

builder.mutationField('rotateSigningKey', (t) =>
  t.withAuth({ scope: 'memories:admin' }).field({
    type: RotateSigningKeyPayload,
    description:
      'Have access tokens signed by a new key, some minutes from now. Those that are out stay good until they expire.',
    extensions: notes({ cost: 100, effects: { idempotent: true } }),
    resolve: (_root, _args, { services }) => rotateSigningKey(services),
  }),
);

const RevokeSigningKeysPayload = builder
  .objectRef<{ dropped: number }>('RevokeSigningKeysPayload')
  .implement({
    fields: (t) => ({
      dropped: t.exposeInt('dropped', { description: 'How many keys there were.' }),
    }),
  });

builder.mutationField('revokeSigningKeys', (t) =>
  t.withAuth({ scope: 'memories:admin' }).field({
    type: RevokeSigningKeysPayload,
    description:
      'Drop every key that signs access tokens, after somebody else may have read one. Within two seconds all access tokens ' +
      'that are out are refused; refresh tokens stay good, so apps fetch new ones by themselves.',
    extensions: notes({ cost: 100, effects: { destructive: true } }),
    resolve: (_root, _args, { services }) => revokeSigningKeys(services),
  }),
);
