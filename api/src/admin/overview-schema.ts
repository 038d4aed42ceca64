import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { Administration, LOOK_AFTER } from './administration-schema.ts';
import { readOverview, type Overview } from './read-overview.ts';

const DatabaseKind = builder.enumType('DatabaseKind', {
  description: 'EMBEDDED runs inside the server; POSTGRES is one of its own.',
  values: ['EMBEDDED', 'POSTGRES'] as const,
});

const ServerDatabase = builder.objectRef<Overview['database']>('ServerDatabase').implement({
  fields: (t) => ({
    kind: t.field({
      type: DatabaseKind,
      resolve: ({ kind }) => (kind === 'embedded' ? 'EMBEDDED' : 'POSTGRES'),
    }),
    version: t.exposeString('version', { description: 'Of Postgres.' }),
    sizeBytes: t.exposeFloat('sizeBytes', { description: 'A whole number: everything, with indexes.' }),
    lastMigration: t.exposeString('lastMigration', { description: 'How far the schema has come.' }),
  }),
});

const ServerEmbedding = builder.objectRef<Overview['embedding']>('ServerEmbedding').implement({
  fields: (t) => ({
    activeModel: t.exposeString('active', {
      nullable: true,
      description: 'What search goes by; null where it goes by words alone.',
    }),
    buildingModel: t.exposeString('building', {
      nullable: true,
      description: 'What is being built and takes its place when nothing is pending.',
    }),
    pending: t.exposeInt('pending', { description: 'Texts that wait for their vectors.' }),
  }),
});

const ServerCounts = builder.objectRef<Overview['counts']>('ServerCounts').implement({
  description: 'Whole numbers, over all accounts.',
  fields: (t) => ({
    users: t.exposeFloat('users'),
    suspendedUsers: t.exposeFloat('suspendedUsers'),
    administrators: t.exposeFloat('administrators'),
    memories: t.exposeFloat('memories', { description: 'Without those in the trash.' }),
    trashedMemories: t.exposeFloat('trashedMemories'),
    storageBytes: t.float({
      description: 'Of sealed texts, with history and trash.',
      resolve: ({ bytes }) => bytes,
    }),
    groups: t.exposeFloat('groups'),
    clients: t.exposeFloat('clients', { description: 'Apps that somebody has connected.' }),
    apiKeys: t.exposeFloat('apiKeys'),
  }),
});

const Server = builder.objectRef<Overview>('Server').implement({
  description: 'How the server stands.',
  fields: (t) => ({
    version: t.exposeString('version', { description: 'Of Picard.' }),
    nodeVersion: t.exposeString('nodeVersion'),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      description: 'When the instance that answers was started.',
    }),
    uptimeSeconds: t.int({
      resolve: ({ startedAt }) => Math.floor((Date.now() - startedAt.getTime()) / 1_000),
    }),
    counts: t.expose('counts', { type: ServerCounts }),
    database: t.expose('database', { type: ServerDatabase }),
    embedding: t.expose('embedding', { type: ServerEmbedding }),
    masterKeyVersion: t.exposeInt('masterKeyVersion'),
    keysToRewrap: t.exposeInt('keysToRewrap', {
      description:
        'Accounts whose data key an older master key still wraps; `rotateMasterKey` finishes that.',
    }),
  }),
});

builder.objectField(Administration, 'server', (t) =>
  t.withAuth(LOOK_AFTER).field({
    type: Server,
    description: 'Counts, versions, the database and the embedding model.',
    extensions: notes({ cost: 10 }),
    resolve: (_root, _args, { services, viewer }) => readOverview(services, viewer),
  }),
);
