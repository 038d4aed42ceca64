import { MemoryFilter } from '../memories/filter-schema.ts';
import type { Memory as MemoryShape } from '../memories/memory.ts';
import { Memory } from '../memories/schema.ts';
import { isId } from '../id.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import {
  checkedFirst,
  decodeCursor,
  encodeCursor,
  pageInfo,
  PageInfo,
  type Page,
} from '../schema/pagination.ts';
import { relatedMemories } from './related-memories.ts';
import {
  searchMemories,
  type SearchHit,
  type SearchMode as Mode,
  type SearchResult,
} from './search-memories.ts';

const SearchMode = builder.enumType('SearchMode', {
  description: 'What memories are ranked by.',
  values: {
    HYBRID: { description: 'Words and meaning together.' },
    WORDS: { description: 'Words alone (BM25 over the keyed index).' },
    VECTORS: { description: 'Meaning alone.' },
  } satisfies Record<Mode, object>,
});

const MatchKind = builder.enumType('MatchKind', {
  values: {
    WORDS: { description: 'It holds words of the query.' },
    MEANING: { description: 'It is about what the query is about.' },
    NEIGHBOURS: { description: 'What stands beside it in its thread fits.' },
    THREAD: { description: 'Its thread as a whole holds words of the query.' },
  },
});

interface MatchShape {
  kind: 'WORDS' | 'MEANING' | 'NEIGHBOURS' | 'THREAD';
  score: number;
}

const Match = builder.objectRef<MatchShape>('Match').implement({
  description: 'One reason why a memory was found.',
  fields: (t) => ({
    kind: t.expose('kind', { type: MatchKind }),
    score: t.exposeFloat('score', { description: 'Its part in the whole score.' }),
  }),
});

interface SearchEdge extends SearchHit {
  cursor: string;
  node: MemoryShape;
}

function reasons({ byWords, byMeaning, byNeighbours, byThread }: SearchHit): MatchShape[] {
  const parts: MatchShape[] = [
    { kind: 'WORDS', score: byWords },
    { kind: 'MEANING', score: byMeaning },
    { kind: 'NEIGHBOURS', score: byNeighbours },
    { kind: 'THREAD', score: byThread },
  ];
  return parts.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score);
}

const MemorySearchEdge = builder.objectRef<SearchEdge>('MemorySearchEdge').implement({
  fields: (t) => ({
    cursor: t.exposeString('cursor'),
    node: t.expose('node', { type: Memory }),
    score: t.exposeFloat('score', {
      description: 'From 0 to 1: how well it fits, compared with what else was found for this query.',
    }),
    reasons: t.field({ type: [Match], description: 'Strongest first.', resolve: reasons }),
    words: t.exposeStringList('matched', {
      description: 'The words of the query that it holds, in some form.',
    }),
  }),
});

interface SearchPage extends Page<MemoryShape> {
  edges: SearchEdge[];
  mode: SearchResult['mode'];
  notice: string | null;
}

const MemorySearchConnection = builder.objectRef<SearchPage>('MemorySearchConnection').implement({
  fields: (t) => ({
    edges: t.expose('edges', { type: [MemorySearchEdge] }),
    pageInfo: t.field({ type: PageInfo, resolve: pageInfo }),
    mode: t.expose('mode', { type: SearchMode, description: 'What they were ranked by in the end.' }),
    notice: t.exposeString('notice', {
      nullable: true,
      description: 'Why not by what you asked for, if so.',
    }),
  }),
});

const isScoreCursor = (parts: unknown): parts is [number, string] =>
  Array.isArray(parts) && parts.length === 2 && Number.isFinite(parts[0]) && isId(String(parts[1]));

function searchPage({ hits, ...rest }: SearchResult, hasPreviousPage: boolean): SearchPage {
  const edges = hits.map((hit) => ({
    ...hit,
    node: hit.memory,
    cursor: encodeCursor([hit.score, hit.memory.id]),
  }));
  return { ...rest, edges, hasPreviousPage };
}

builder.queryField('searchMemories', (t) =>
  t.withAuth({ scope: 'memories:read' }).field({
    type: MemorySearchConnection,
    description: 'The memories that fit a query best, by meaning and by word, among those that you may see.',
    args: {
      query: t.arg.string({
        required: true,
        description: 'A question or some words, at most 2000 characters.',
      }),
      first: t.arg.int({ defaultValue: 10, description: 'At most 100.' }),
      after: t.arg.string({ description: 'The `endCursor` of the page before.' }),
      filter: t.arg({ type: MemoryFilter, description: 'Applied before ranking.' }),
      mode: t.arg({ type: SearchMode, defaultValue: 'HYBRID' }),
      language: t.arg.string({
        defaultValue: 'en',
        description: 'BCP 47; decides how the query’s words are stemmed.',
      }),
      threadContext: t.arg.boolean({
        defaultValue: true,
        description: 'Let the memories beside one, and its thread as a whole, lend it weight.',
      }),
    },
    extensions: notes({ cost: 10, sizedBy: 'first' }),
    resolve: async (_root, args, { services, viewer, signal }) => {
      const first = checkedFirst(args.first, 10);
      const after = decodeCursor(args.after, isScoreCursor);
      const result = await searchMemories(
        services,
        viewer,
        {
          query: args.query,
          mode: args.mode ?? 'HYBRID',
          filter: args.filter ?? {},
          language: args.language ?? 'en',
          threadContext: args.threadContext ?? true,
          after: after && { score: after[0], id: after[1] },
          first,
        },
        signal,
      );
      return searchPage(result, after !== null);
    },
  }),
);

builder.queryField('relatedMemories', (t) =>
  t.withAuth({ scope: 'memories:read' }).field({
    type: MemorySearchConnection,
    nullable: true,
    description: 'The memories that are most like one memory; null if you may not see that one.',
    args: {
      to: t.arg.id({ required: true }),
      first: t.arg.int({ defaultValue: 10, description: 'At most 100.' }),
      filter: t.arg({ type: MemoryFilter, description: 'Applied before ranking.' }),
    },
    extensions: notes({ cost: 10, sizedBy: 'first' }),
    resolve: async (_root, args, { services, viewer }) => {
      const first = checkedFirst(args.first, 10);
      const result = await relatedMemories(services, viewer, {
        to: args.to,
        filter: args.filter ?? {},
        first,
      });
      return result && searchPage(result, false);
    },
  }),
);
