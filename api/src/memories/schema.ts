import { User } from '../accounts/schema.ts';
import { builder } from '../schema/builder.ts';
import { findNodeBy, Node } from '../schema/node.ts';
import { findMemory } from './find-memories.ts';
import type { trusts, Memory as MemoryShape, MemoryMetadata, visibilities } from './memory.ts';
import { isExpired, memoryKinds } from './memory.ts';

export const MemoryKind = builder.enumType('MemoryKind', {
  description: 'What sort of thing a memory is.',
  values: memoryKinds,
});

export const Trust = builder.enumType('Trust', {
  description: 'Who or what wrote a memory, most trusted first.',
  values: {
    PERSON: { description: 'The owner.' },
    APP: { description: 'An assistant or another app, on the owner’s behalf.' },
    IMPORT: { description: 'It came in with an import.' },
    OTHER_PERSON: { description: 'Somebody else.' },
  } satisfies Record<(typeof trusts)[number], object>,
});

export const Visibility = builder.enumType('Visibility', {
  description: 'Who may see a memory beside its owner.',
  values: {
    PRIVATE: {
      description:
        'Nobody, whatever it was shared with before; those shares hold again once it is not private.',
    },
    SHARED: { description: 'Whom it is shared with, which may be nobody.' },
    PUBLIC: { description: 'Everybody who is signed in to this server.' },
  } satisfies Record<(typeof visibilities)[number], object>,
});

/** What a memory and each of its versions have alike. */
export const Described = builder.interfaceRef<MemoryMetadata & { text: string }>('Described').implement({
  description: 'A text and what was said of it.',
  fields: (t) => ({
    text: t.exposeString('text'),
    kind: t.expose('kind', { type: MemoryKind }),
    tags: t.exposeStringList('tags'),
    source: t.exposeString('source', {
      nullable: true,
      description: 'Where it came from: an app, a file, an address.',
    }),
    sourceId: t.exposeString('sourceId', {
      nullable: true,
      description: 'The name that its source has for it.',
    }),
    thread: t.exposeString('thread', {
      nullable: true,
      description: 'The conversation or document it is a part of.',
    }),
    position: t.exposeInt('position', { nullable: true, description: 'Its place in the thread.' }),
    language: t.exposeString('language', { description: 'BCP 47.' }),
    trust: t.expose('trust', {
      type: Trust,
      description: 'The least of whoever wrote it and of what it was made of.',
    }),
    occurredAt: t.expose('occurredAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When what it tells of happened.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'From then on it is no longer considered valid. Null: never.',
    }),
  }),
});

export const Memory = builder.objectRef<MemoryShape>('Memory').implement({
  description: 'Something that its owner wants assistants to know.',
  interfaces: [Node, Described],
  fields: (t) => ({
    owner: t.field({
      type: User,
      resolve: async ({ ownerId }, _args, { loaders }) => {
        const owner = await loaders.owners.load(ownerId);
        if (!owner) throw new Error('A memory has no owner');
        return owner;
      },
    }),
    visibility: t.expose('visibility', { type: Visibility, description: 'As its owner set it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    modifiedAt: t.expose('modifiedAt', { type: 'DateTime' }),
    expired: t.boolean({ resolve: (memory) => isExpired(memory) }),
    deletedAt: t.expose('deletedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when it is in the trash.',
    }),
    version: t.exposeInt('version', {
      description: 'Counts every change; hand it back as `expectedVersion`.',
    }),
    embedded: t.boolean({
      description: 'Whether it is found by meaning already; by word it is found at once.',
      resolve: ({ id }, _args, { loaders }) => loaders.embedded.load(id),
    }),
  }),
});

findNodeBy('Memory', findMemory);
