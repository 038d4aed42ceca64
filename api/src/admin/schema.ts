import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { rotateMasterKey, type Rotation } from './rotate-master-key.ts';

const RotateMasterKeyPayload = builder.objectRef<Rotation>('RotateMasterKeyPayload').implement({
  fields: (t) => ({
    masterKeyVersion: t.exposeInt('masterKeyVersion', {
      description: 'The version that wraps every data key now.',
    }),
    rewrappedDataKeys: t.exposeInt('rewrappedDataKeys'),
  }),
});

builder.mutationField('rotateMasterKey', (t) =>
  t.withAuth({ scope: 'memories:admin' }).field({
    type: RotateMasterKeyPayload,
    description:
      'Wrap every account’s data key with a new master key, online. Repeat it if it was cut short.',
    extensions: notes({ cost: 100 }),
    resolve: (_root, _args, { services }) => rotateMasterKey(services),
  }),
);
