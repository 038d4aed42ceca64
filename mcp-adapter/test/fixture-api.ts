import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { GraphQLError, buildSchema, graphql } from 'graphql';
import type { AdapterLogger, Authenticator, Executor, Face, Principal } from '../src/executor.ts';

/** The schema every test runs against: the real one, executed by graphql-js over memories in an array. */
export const schema = buildSchema(
  readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'),
);

export const ada = '3f0c9a61-52e4-4d6b-8f0e-1a2b3c4d5e6f';

interface StoredMemory {
  id: string;
  text: string;
  kind: string;
  tags: string[];
  trust: string;
  version: number;
  expiresAt: string | null;
}

interface SubmitInput {
  text: string;
  kind: string;
  tags?: string[] | null;
  trust: string;
  expiresAt?: string | null;
}

interface UpdateInput {
  id: string;
  expectedVersion?: number | null;
  text?: string | null;
  expiresAt?: string | null;
}

interface ListArguments {
  first: number;
  after?: string | null;
  query?: string;
  filter?: { tags?: string[] | null; kinds?: string[] | null } | null;
}

/** An API small enough to read, behind the adapter's two seams. */
export function createFixtureApi() {
  const memories: StoredMemory[] = [];
  const requests: { variables: Record<string, unknown>; document: string; principal: Principal }[] = [];
  const resolvers = resolversOf(memories);
  const executor: Executor = {
    async execute({ document, operationName, variables, principal }) {
      requests.push({ document, variables, principal });
      return graphql({
        schema,
        source: document,
        operationName,
        variableValues: variables,
        rootValue: resolvers,
        contextValue: { principal },
      });
    },
  };
  return { executor, memories, requests };
}

function resolversOf(memories: StoredMemory[]) {
  const user = { id: ada, handle: 'ada', displayName: 'Ada', memories: list };
  const node = (memory: StoredMemory) => ({
    ...memory,
    __typename: 'Memory',
    owner: user,
    expired: false,
    language: 'en',
    createdAt: new Date(0),
    modifiedAt: new Date(0),
  });
  function list({ first, after, filter }: ListArguments) {
    const start = after ? Number(after) + 1 : 0;
    const found = memories.filter(
      ({ tags, kind }) =>
        (filter?.tags ?? []).every((tag) => tags.includes(tag)) && (filter?.kinds?.includes(kind) ?? true),
    );
    const edges = found.slice(start, start + first).map((memory, index) => ({
      cursor: String(start + index),
      node: node(memory),
      score: 0.5,
      reasons: [{ kind: 'WORDS', score: 0.5 }],
      words: ['tea'],
    }));
    return {
      mode: 'WORDS',
      notice: null,
      pageInfo: {
        hasNextPage: start + first < found.length,
        hasPreviousPage: start > 0,
        endCursor: edges.at(-1)?.cursor ?? null,
      },
      edges,
    };
  }
  const submit = (input: SubmitInput) => {
    if (input.text === '') return invalid('text', 'The text is empty.');
    if (input.text === 'database down') throw new Error('connect ECONNREFUSED postgres://picard:secret@db');
    if (input.text === 'too fast') {
      throw new GraphQLError('At most 100 calls an hour.', {
        extensions: { code: 'RATE_LIMITED', retryAfter: 30 },
      });
    }
    const memory = { id: randomUUID(), version: 1, ...definedOf(input) };
    memories.push(memory);
    return { __typename: 'SubmitMemoryPayload', memory: node(memory) };
  };
  const update = ({ id, expectedVersion, ...change }: UpdateInput) => {
    const memory = memories.find((candidate) => candidate.id === id);
    if (!memory) return missing(id);
    if (typeof expectedVersion === 'number' && expectedVersion !== memory.version) {
      const message = 'The memory was changed meanwhile.';
      return {
        __typename: 'VersionConflict',
        code: 'VERSION_CONFLICT',
        message,
        memoryId: id,
        currentVersion: memory.version,
      };
    }
    Object.assign(memory, change, { version: memory.version + 1 });
    return { __typename: 'UpdateMemoryPayload', memory: node(memory) };
  };
  const remove = ({ id }: { id: string }) => {
    const index = memories.findIndex((candidate) => candidate.id === id);
    if (index < 0) return missing(id);
    memories.splice(index, 1);
    return { __typename: 'DeleteMemoryPayload', memoryId: id, erasedAfter: new Date(0) };
  };
  return {
    memories: list,
    searchMemories: list,
    memory: ({ id }: { id: string }) => {
      const memory = memories.find((candidate) => candidate.id === id);
      return memory ? node(memory) : null;
    },
    user: ({ id }: { id: string }) => (id === ada ? user : null),
    viewer: {
      user,
      scopes: ['memories:read', 'memories:write'],
      memories: list,
      tags: ({ startsWith }: { startsWith: string }) =>
        [...new Set(memories.flatMap(({ tags }) => tags))]
          .filter((tag) => tag.startsWith(startsWith))
          .map((tag) => ({ tag, memories: 1 })),
    },
    submitMemory: ({ input }: { input: SubmitInput }) => submit(input),
    updateMemory: ({ input }: { input: UpdateInput }) => update(input),
    deleteMemory: ({ input }: { input: { id: string } }) => remove(input),
    undeleteMemory: ({ input }: { input: { id: string } }) => missing(input.id),
    submitMemories: ({ input }: { input: { memories: SubmitInput[] } }) =>
      batch('SubmitMemoriesPayload', input.memories.map(submit)),
    updateMemories: ({ input }: { input: { memories: UpdateInput[] } }) =>
      batch('UpdateMemoriesPayload', input.memories.map(update)),
    deleteMemories: ({ input }: { input: { memories: { id: string }[] } }) =>
      batch('DeleteMemoriesPayload', input.memories.map(remove)),
  };
}

function batch(typename: string, results: object[]) {
  const failed = results.filter((result) => 'code' in result).length;
  return { __typename: typename, results, succeeded: results.length - failed, failed };
}

function invalid(field: string, message: string) {
  return { __typename: 'InvalidInput', code: 'INVALID_INPUT', message, field };
}

function missing(memoryId: string) {
  return { __typename: 'MemoryNotFound', code: 'MEMORY_NOT_FOUND', message: 'No such memory.', memoryId };
}

function definedOf(input: SubmitInput) {
  return { ...input, tags: input.tags ?? [], expiresAt: input.expiresAt ?? null };
}

/** A principal with everything, less what a test takes away. */
export function principal(changes: { scopes?: string[]; faces?: Face[]; expiresAt?: Date } = {}): Principal {
  return {
    userId: ada,
    scopes: new Set(changes.scopes ?? ['memories:read', 'memories:write']),
    faces: new Set(changes.faces ?? ['graphql', 'mcp', 'rest']),
    expiresAt: changes.expiresAt ?? null,
  };
}

/** Tokens by name. */
export function authenticatorOf(tokens: Record<string, Principal>): Authenticator {
  return {
    authenticate: (token) => Promise.resolve(Object.hasOwn(tokens, token) ? (tokens[token] ?? null) : null),
  };
}

/** A logger that keeps what it was told. */
export function recordingLogger(): AdapterLogger & {
  entries: { message: string; fields: Record<string, unknown> }[];
} {
  const entries: { message: string; fields: Record<string, unknown> }[] = [];
  return { entries, error: (fields, message) => void entries.push({ message, fields }) };
}
