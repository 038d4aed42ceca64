import type { TestPicard } from './picard.ts';

export interface MemoryAnswer {
  id: string;
  text: string;
  kind: string;
  tags: string[];
  source: string | null;
  sourceId: string | null;
  thread: string | null;
  position: number | null;
  language: string;
  trust: string;
  occurredAt: string | null;
  expiresAt: string | null;
  owner: { handle: string };
  createdAt: string;
  modifiedAt: string;
  expired: boolean;
  deletedAt: string | null;
  version: number;
}

/** A payload or a named error: what is asked of each of them, in one shape. */
export interface Result {
  __typename: string;
  memory?: MemoryAnswer;
  memoryId?: string;
  erasedAfter?: string;
  code?: string;
  message?: string;
  field?: string;
  currentVersion?: number;
}

export interface BatchResult extends Result {
  results?: Result[];
  succeeded?: number;
  failed?: number;
  failures?: { index: number; code: string; message: string }[];
}

export interface Page {
  edges: { cursor: string; node: MemoryAnswer }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
  totalCount: number;
}

export const DESCRIBED = 'text kind tags source sourceId thread position language trust occurredAt expiresAt';
export const MEMORY = `id ${DESCRIBED} owner { handle } createdAt modifiedAt expired deletedAt version`;

const ERRORS = `
  ... on UserError { code message }
  ... on InvalidInput { field }
  ... on MemoryNotFound { missing: memoryId }
  ... on VersionConflict { currentVersion }
  ... on DuplicateSource { memoryId }`;
const OF = {
  submit: `__typename ... on SubmitMemoryPayload { memory { ${MEMORY} } } ... on UserError { code message }
    ... on InvalidInput { field } ... on DuplicateSource { memoryId }`,
  update: `__typename ... on UpdateMemoryPayload { memory { ${MEMORY} } } ${ERRORS}`,
  delete: `__typename ... on DeleteMemoryPayload { memoryId erasedAfter } ... on UserError { code message }
    ... on VersionConflict { currentVersion }`,
  undelete: `__typename ... on UndeleteMemoryPayload { memory { ${MEMORY} } } ... on UserError { code message }
    ... on DuplicateSource { memoryId }`,
  restore: `__typename ... on RestoreMemoryVersionPayload { memory { ${MEMORY} } } ... on UserError { code message }
    ... on VersionConflict { currentVersion } ... on DuplicateSource { memoryId }`,
};
const REFUSED = '... on UserError { code message } ... on BatchRefused { failures { index code message } }';

export type Input = Record<string, unknown>;

/** What one account does with its memories over GraphQL. */
export function memoriesOf(picard: TestPicard, key: string = picard.key) {
  async function mutate<Answer = Result>(name: string, selection: string, input: Input): Promise<Answer> {
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
    const document = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`;
    return (await picard.data<Record<string, Answer>>(document, { input }, key))[name] as Answer;
  }

  const batch = (name: string, payload: string, each: string) => (memories: Input[], atomic?: boolean) =>
    mutate<BatchResult>(
      name,
      `__typename ... on ${payload} { succeeded failed results { ${each} } } ... on InvalidInput { field } ${REFUSED}`,
      { memories, ...(atomic !== undefined && { atomic }) },
    );

  const self = {
    submit: (input: Input) => mutate('submitMemory', OF.submit, input),
    update: (input: Input) => mutate('updateMemory', OF.update, input),
    delete: (input: Input) => mutate('deleteMemory', OF.delete, input),
    undelete: (id: string) => mutate('undeleteMemory', OF.undelete, { id }),
    restore: (input: Input) => mutate('restoreMemoryVersion', OF.restore, input),
    submitAll: batch('submitMemories', 'SubmitMemoriesPayload', OF.submit),
    updateAll: batch('updateMemories', 'UpdateMemoriesPayload', OF.update),
    deleteAll: batch('deleteMemories', 'DeleteMemoriesPayload', OF.delete),
    /** Submits what must succeed. */
    async keep(input: Input): Promise<MemoryAnswer> {
      const { memory, message } = await self.submit(input);
      if (!memory) throw new Error(message);
      return memory;
    },
    async get(id: string): Promise<MemoryAnswer | null> {
      const document = `query ($id: ID!) { memory(id: $id) { ${MEMORY} } }`;
      return (await picard.data<{ memory: MemoryAnswer | null }>(document, { id }, key)).memory;
    },
    async list(variables: Input = {}): Promise<Page> {
      const document = `query ($first: Int, $after: String, $filter: MemoryFilter, $order: MemoryOrder) {
        memories(first: $first, after: $after, filter: $filter, order: $order) {
          totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { ${MEMORY} } }
        }
      }`;
      return (await picard.data<{ memories: Page }>(document, variables, key)).memories;
    },
    async texts(filter: Input = {}): Promise<string[]> {
      return (await self.list({ filter, first: 100 })).edges.map(({ node }) => node.text);
    },
    async versions(id: string): Promise<(MemoryAnswer & { writtenAt: string })[]> {
      const document = `query ($id: ID!) {
        memory(id: $id) { versions(first: 100) { edges { node { version writtenAt ${DESCRIBED} } } } } }`;
      type Answer = { memory: { versions: { edges: { node: MemoryAnswer & { writtenAt: string } }[] } } };
      return (await picard.data<Answer>(document, { id }, key)).memory.versions.edges.map(({ node }) => node);
    },
  };
  return self;
}

/** What must be there. */
export function present<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error('Expected a value');
  return value;
}

/** A memory with every field set, and instants on both sides of now. */
export const future = new Date(Date.now() + 3_600_000).toISOString();
export const past = '2001-02-03T04:05:06.789Z';
export const whole = {
  text: 'The keys lie under the blue pot.\u0000 \u{1F511} ไทย',
  kind: 'FACT',
  tags: ['home', 'keys', 'home'],
  source: 'diary.md',
  sourceId: 'entry 7',
  thread: 'moving house',
  position: 3,
  language: 'pt-BR',
  trust: 'APP',
  occurredAt: '2026-01-02T03:04:05.678+02:00',
  expiresAt: future,
};
