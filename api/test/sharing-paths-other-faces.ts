import {
  completedTags,
  exported,
  listedResources,
  resource,
  rest,
  tool,
  type Asker,
} from './sharing-asking.ts';
import { everyWord, listed, MANY, opened, own, type Path } from './sharing-path.ts';

const oneByOne = (ask: (asker: Asker, id: string) => Promise<string>) => async (asker: Asker) =>
  (await Promise.all(asker.some.map(({ id }) => ask(asker, id)))).join('\n');

const LONG = { max_tokens: 16_000 };

/** MCP, REST and the command line. */
export const otherPaths: readonly Path[] = [
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
    name: 'resources/list',
    // A name may end before the word does, so it is the addresses that tell.
    ask: async (asker) => {
      const ids = await listedResources(asker);
      return asker.memories
        .filter(({ id }) => ids.includes(id))
        .map(({ id }) => asker.wordOf(id))
        .join(' ');
    },
    due: listed,
  },
  {
    name: 'completion of tags',
    ask: (asker) => completedTags(asker, 'only-'),
    due: listed,
  },
  {
    name: 'picard export --history --trash --shared',
    ask: exported,
    due: (asker, memory) => own(asker, memory) || listed(asker, memory),
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
