import { builder } from '../schema/builder.ts';
import { findMemory } from './find-memories.ts';
import { followMemories, type MemoryChange as MemoryChangeShape } from './follow-memories.ts';
import { Memory } from './schema.ts';

const MemoryChangeKind = builder.enumType('MemoryChangeKind', {
  description: 'What happened.',
  values: {
    SUBMITTED: { description: 'To one of your own.' },
    UPDATED: { description: 'To one of your own, or one that you may see.' },
    DELETED: { description: 'To one of your own: it went into the trash.' },
    UNDELETED: { description: 'To one of your own: it came back from the trash.' },
    SHARED: { description: 'You may see this memory of somebody else’s from now on.' },
    UNSHARED: { description: 'You may see this memory of somebody else’s no longer.' },
    MANY: {
      description: 'More than a hundred of others’ memories changed, came or went at once: list them again.',
    },
  } satisfies Record<MemoryChangeShape['kind'], object>,
});

const MemoryChange = builder.objectRef<MemoryChangeShape>('MemoryChange').implement({
  description: 'Something that happened to a memory.',
  fields: (t) => ({
    kind: t.expose('kind', { type: MemoryChangeKind }),
    memoryId: t.exposeID('memoryId', { nullable: true, description: 'Null for MANY.' }),
    ownerId: t.exposeID('ownerId', {
      nullable: true,
      description: 'Whose it is. Null for MANY of several owners.',
    }),
    memory: t.withAuth({ scope: 'memories:read' }).field({
      type: Memory,
      nullable: true,
      description: 'As it is when you read this, if you may still see it.',
      resolve: ({ memoryId }, _args, { services, viewer }) =>
        memoryId === null ? null : findMemory(services, viewer, memoryId),
    }),
  }),
});

builder.subscriptionField('memoryChanged', (t) =>
  t.withAuth({ scope: 'memories:read' }).field({
    type: MemoryChange,
    description:
      'Changes of the memories that you may see, from now on, whichever process made them. Nothing is said when a share ' +
      'or a memory reaches its end date.',
    subscribe: (_root, _args, { services, viewer, signal, stillValid }) =>
      followMemories(services, viewer, stillValid, signal),
    resolve: (event) => event,
  }),
);
