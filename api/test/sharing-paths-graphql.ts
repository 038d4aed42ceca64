import { each, graphql } from './sharing-asking.ts';
import { everyWord, listed, MANY, opened, own, type Path } from './sharing-path.ts';

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

export const graphqlPaths: readonly Path[] = [
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
];
