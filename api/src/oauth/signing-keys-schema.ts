import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
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
