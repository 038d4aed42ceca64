import type { Door } from '../door.ts';

const described = `text kind tags source sourceId thread position language trust occurredAt expiresAt`;

const memory = `id ${described} visibility createdAt modifiedAt deletedAt version`;

const page = `query ExportMemories($after: String, $filter: MemoryFilter!) {
  memories(first: 100, after: $after, order: CREATED_ASC, filter: $filter) {
    edges { node { ${memory} } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const sharedPage = `query ExportShared($after: String) {
  memories(first: 100, after: $after, order: CREATED_ASC, filter: { ownedBy: OTHERS }) {
    edges { node { ${memory} owner { id handle } } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const history = `query ExportHistory($id: ID!, $after: String) {
  memory(id: $id) {
    versions(first: 100, after: $after) {
      edges { node { version writtenAt ${described} } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

/** A memory, or a version of one, as the API tells it; all of it goes into the file as it came. */
type Told = Record<string, unknown> & { version: number };
type ToldMemory = Told & { id: string };

interface Page<Node> {
  edges: { node: Node }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/** One's own memories, oldest first, expired ones too; those in the trash only when asked for. */
export async function* exportedMemories(door: Door, deleted: boolean): AsyncGenerator<ToldMemory> {
  yield* pages(door, page, { filter: { ownedBy: 'ME', expiry: 'ANY', deleted } });
}

/** What others let one see, each with its owner; nothing of what it was before. */
export async function* sharedMemories(door: Door): AsyncGenerator<ToldMemory> {
  yield* pages(door, sharedPage, {});
}

async function* pages(door: Door, document: string, variables: object): AsyncGenerator<ToldMemory> {
  for (let after: string | null = null; ;) {
    const answer: { memories: Page<ToldMemory> } = await door.ask(document, { ...variables, after });
    const { edges, pageInfo } = answer.memories;
    for (const { node } of edges) yield node;
    if (!pageInfo.hasNextPage) return;
    after = pageInfo.endCursor;
  }
}

/** What a memory was before, newest first. */
export async function earlierVersions(door: Door, memory: ToldMemory): Promise<Told[]> {
  const versions: Told[] = [];
  if (memory.version === 1) return versions;
  for (let after: string | null = null; ;) {
    const answer: { memory: { versions: Page<Told> } | null } = await door.ask(history, {
      id: memory.id,
      after,
    });
    // Erased for good since its page was read.
    if (!answer.memory) return versions;
    const { edges, pageInfo } = answer.memory.versions;
    for (const { node } of edges) if (node.version < memory.version) versions.push(node);
    if (!pageInfo.hasNextPage) return versions;
    after = pageInfo.endCursor;
  }
}
