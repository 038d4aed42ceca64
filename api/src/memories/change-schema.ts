import { builder } from '../schema/builder.ts';
import { findMemory } from './find-memories.ts';
import { followMemories, type MemoryChange as MemoryChangeShape } from './follow-memories.ts';
import { Memory } from './schema.ts';

const MemoryChangeKind = builder.enumType('MemoryChangeKind', {
  values: ['SUBMITTED', 'UPDATED', 'DELETED', 'UNDELETED'] as const,
});

const MemoryChange = builder.objectRef<MemoryChangeShape>('MemoryChange').implement({
  description: 'Something that happened to a memory.',
  fields: (t) => ({
    kind: t.expose('kind', { type: MemoryChangeKind }),
    memoryId: t.exposeID('memoryId'),
    memory: t.withAuth({ scope: 'memories:read' }).field({
      type: Memory,
      nullable: true,
      description: 'As it is when you read this, if you may still see it.',
      resolve: ({ memoryId }, _args, { services, viewer }) => findMemory(services, viewer, memoryId),
    }),
  }),
});

builder.subscriptionField('memoryChanged', (t) =>
  t.withAuth({ scope: 'memories:read' }).field({
    type: MemoryChange,
    description: 'Changes of the memories that you may see, from now on, whichever process made them.',
    subscribe: (_root, _args, { services, viewer, signal, stillValid }) =>
      followMemories(services, viewer, stillValid, signal),
    resolve: (event) => event,
  }),
);
