import { each, graphql, resource, rest, tool, type Asker } from './sharing-asking.ts';
import type { ModelMemory } from './sharing-model.ts';

/** One way by which a memory can be read. */
export interface Path {
  name: string;
  /** What came back, as it came; a memory is shown where its word is in it, or its id. */
  ask(asker: Asker): Promise<string>;
  /** What it must show: by the rules of sharing, and what was asked. */
  due(asker: Asker, memory: ModelMemory): boolean;
  /** Whether it tells of `some` alone. */
  partial?: true;
  /** Whether the answer repeats the ids that were asked for. */
  echoes?: true;
  /** Whether what has just been let in is found only after its words are keyed. */
  keyed?: true;
  /** Whether it needs vectors, which come later. */
  embedded?: true;
}

const listed = ({ model, person }: Asker, memory: ModelMemory): boolean => model.lists(person.id, memory);
const opened = ({ model, person }: Asker, memory: ModelMemory): boolean => model.opens(person.id, memory);
const own = ({ person }: Asker, { owner }: ModelMemory): boolean => owner === person.id;

const MANY = 60;
const list = (field: string, filter: string, due: Path['due'], more: Partial<Path> = {}): Path => ({
  name: `${field}(${filter})`,
  ask: (asker) => {
    const selection = `memories(first: ${MANY}${filter && `, filter: { ${filter} }`}) {
      totalCount edges { node { id text tags owner { handle } } } }`;
    return graphql(asker, field === 'memories' ? `{ ${selection} }` : `{ viewer { ${selection} } }`);
  },
  due,
  ...more,
});

const everyWord = ({ memories, wordOf }: Asker): string => memories.map(({ id }) => wordOf(id)).join(' ');

const search = (mode: string, more: Partial<Path> = {}): Path => ({
  name: `searchMemories ${mode}`,
  ask: (asker) =>
    graphql(
      asker,
      `query ($query: String!) { searchMemories(query: $query, mode: ${mode}, first: ${MANY}) {
        edges { words node { id text } } } }`,
      { query: everyWord(asker) },
    ),
  due: listed,
  ...more,
});

const oneByOne = (ask: (asker: Asker, id: string) => Promise<string>) => async (asker: Asker) =>
  (await Promise.all(asker.some.map(({ id }) => ask(asker, id)))).join('\n');

const LONG = { max_tokens: 16_000 };

export const paths: readonly Path[] = [
  list('memories', '', listed),
  list('memories', 'tags: ["red"]', (asker, memory) => memory.tags.includes('red') && listed(asker, memory)),
  list('memories', 'kinds: [FACT]', (asker, memory) => memory.kind === 'FACT' && listed(asker, memory)),
  list(
    'memories',
    'sources: ["diary"]',
    (asker, memory) => memory.source === 'diary' && listed(asker, memory),
  ),
  list('memories', 'thread: "tides"', (asker, memory) => memory.thread === 'tides' && listed(asker, memory)),
  list('memories', 'text: "harbour tide"', listed, { keyed: true }),
  list('memories', 'expiry: ANY', (asker, memory) => !memory.trashed && opened(asker, memory)),
  list(
    'memories',
    'expiry: EXPIRED',
    (asker, memory) => memory.expiry === 'over' && !memory.trashed && opened(asker, memory),
  ),
  list('memories', 'ownedBy: OTHERS', (asker, memory) => !own(asker, memory) && listed(asker, memory)),
  list(
    'memories',
    'visibility: [PUBLIC, PRIVATE]',
    (asker, memory) => memory.visibility !== 'SHARED' && listed(asker, memory),
  ),
  list(
    'memories',
    'deleted: true',
    (asker, memory) => memory.trashed && memory.expiry !== 'over' && own(asker, memory),
  ),
  {
    name: 'User.memories',
    ask: async (asker) => {
      const answers = [];
      for (const id of asker.model.people)
        answers.push(
          await graphql(
            asker,
            `query ($id: ID!) { user(id: $id) { memories(first: ${MANY}) { edges { node { id text } } } } }`,
            { id },
          ),
        );
      return answers.join('\n');
    },
    due: listed,
  },
  {
    name: 'memory(id)',
    ask: (asker) => each(asker, asker.memories, (id) => `memory(id: "${id}") { text }`),
    due: opened,
  },
  {
    name: 'node(id)',
    ask: (asker) => each(asker, asker.memories, (id) => `node(id: "${id}") { ... on Memory { text } }`),
    due: opened,
  },
  search('WORDS', { keyed: true }),
  search('HYBRID', { keyed: true, embedded: true }),
  search('VECTORS', { embedded: true }),
  {
    name: 'relatedMemories to what may be read',
    ask: async (asker) => {
      const related = await each(
        asker,
        asker.some,
        (to) => `relatedMemories(to: "${to}", first: ${MANY}) { edges { node { id text } } }`,
      );
      // The one that is asked about is told of by whether there is an answer.
      const answers = Object.values(JSON.parse(related) as Record<string, unknown>);
      return asker.some.map(({ id }, index) => (answers[index] === null ? '' : asker.wordOf(id))).join(' ');
    },
    due: (asker, memory) => !memory.trashed && opened(asker, memory),
    partial: true,
  },
  {
    name: 'relatedMemories',
    ask: async (asker) => {
      const [to] = asker.some;
      return to
        ? graphql(asker, `{ relatedMemories(to: "${to.id}", first: ${MANY}) { edges { node { id text } } } }`)
        : '';
    },
    due: (asker, memory) => {
      const [to] = asker.some;
      return to !== undefined && to !== memory && !to.trashed && opened(asker, to) && listed(asker, memory);
    },
    keyed: true,
    embedded: true,
  },
  {
    name: 'Viewer.tags',
    ask: (asker) => graphql(asker, '{ viewer { tags(startsWith: "only-", first: 100) { tag } } }'),
    due: listed,
  },
  {
    name: 'Memory.versions',
    ask: (asker) =>
      each(
        asker,
        asker.memories,
        (id) => `memory(id: "${id}") { versions(first: 5) { edges { node { text } } } }`,
      ),
    due: own,
  },
  {
    name: 'get_memory',
    ask: oneByOne((asker, memory_id) => tool(asker, 'get_memory', { memory_id })),
    due: opened,
    partial: true,
    echoes: true,
  },
  {
    name: 'get_memories',
    ask: (asker) => tool(asker, 'get_memories', { first: MANY, ...LONG }),
    due: listed,
  },
  {
    name: 'retrieve_memories',
    ask: (asker) => tool(asker, 'retrieve_memories', { first: MANY, ...LONG }),
    due: (asker, memory) => own(asker, memory) && listed(asker, memory),
  },
  {
    name: 'query_memory',
    ask: (asker) => tool(asker, 'query_memory', { prompt: everyWord(asker), first: MANY, ...LONG }),
    due: listed,
    keyed: true,
    embedded: true,
  },
  {
    name: 'memories://{id}',
    ask: oneByOne((asker, id) => resource(asker, `memories://${id}`)),
    due: opened,
    partial: true,
    echoes: true,
  },
  {
    name: 'users://{id}/memories',
    ask: async (asker) => {
      const owners = [...new Set(asker.some.map(({ owner }) => owner))];
      return (
        await Promise.all(
          owners.map((id) => resource(asker, `users://${id}/memories?first=${MANY}&max_tokens=16000`)),
        )
      ).join('\n');
    },
    due: (asker, memory) => asker.some.some(({ owner }) => owner === memory.owner) && listed(asker, memory),
  },
  {
    name: 'REST get_memory',
    ask: oneByOne((asker, memory_id) => rest(asker, 'get_memory', { memory_id })),
    due: opened,
    partial: true,
    echoes: true,
  },
  {
    name: 'REST get_memories',
    ask: (asker) => rest(asker, 'get_memories', { first: MANY, ...LONG }),
    due: listed,
  },
];
