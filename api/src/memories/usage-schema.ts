import { Viewer } from '../accounts/schema.ts';
import { builder } from '../schema/builder.ts';
import { readUsage, type Usage as UsageShape } from './read-usage.ts';

const Usage = builder.objectRef<UsageShape>('Usage').implement({
  description: 'How much your account holds, and how much it may.',
  fields: (t) => ({
    memoryCount: t.float({
      description: 'A whole number. Those in the trash are not counted.',
      resolve: ({ memories }) => memories,
    }),
    storageBytes: t.float({
      description: 'A whole number: the bytes of your sealed texts, with history and trash.',
      resolve: ({ bytes }) => bytes,
    }),
    maxMemories: t.exposeInt('maxMemories', { nullable: true, description: 'Null where there is no limit.' }),
    maxStorageMegabytes: t.int({
      nullable: true,
      description: 'Of 1,000,000 bytes. Null where there is no limit.',
      resolve: ({ maxMegabytes }) => maxMegabytes,
    }),
  }),
});

builder.objectField(Viewer, 'usage', (t) =>
  t.withAuth({ scope: 'memories:read' }).field({
    type: Usage,
    description: 'How much your account holds, and how much it may.',
    resolve: (_viewer, _args, { services, viewer }) => readUsage(services, viewer),
  }),
);
