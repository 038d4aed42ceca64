import type { TestPicard } from './picard.ts';

export interface Seen {
  memoryId: string;
  reader: { id: string; handle: string } | null;
  app: { kind: string; id: string | null; name: string | null };
  face: string;
  way: string;
  firstAt: string;
  lastAt: string;
  count: number;
}
interface Reads {
  edges: { cursor: string; node: Seen }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

const FIELDS = `edges { cursor node {
  memoryId reader { id handle } app { kind id name } face way firstAt lastAt count } } pageInfo { hasNextPage endCursor }`;

/** What people do to see each other's memories, and how they learn of it. */
export class ReadsStage {
  readonly picard: TestPicard;
  constructor(picard: TestPicard) {
    this.picard = picard;
  }

  /** Writes what was noted on every instance, instead of waiting for it. */
  async settle(): Promise<void> {
    await Promise.all(this.picard.instances.map(({ services }) => services.reads.flush()));
  }

  async idOf(key: string): Promise<string> {
    const { viewer } = await this.picard.data<{ viewer: { user: { id: string } } }>(
      '{ viewer { user { id } } }',
      {},
      key,
    );
    return viewer.user.id;
  }

  async submit(key: string, text: string, more: object = {}): Promise<string> {
    const { submitMemory } = await this.picard.data<{ submitMemory: { memory: { id: string } } }>(
      'mutation ($input: SubmitMemoryInput!) { submitMemory(input: $input) { ... on SubmitMemoryPayload { memory { id } } } }',
      { input: { text, ...more } },
      key,
    );
    return submitMemory.memory.id;
  }

  /** For everybody to see. */
  async publish(...ids: string[]): Promise<void> {
    await this.picard.picard.services.database.asOwner(
      (sql) => sql`update memories set visibility = 'PUBLIC' where id = any (${ids}::uuid[])`,
    );
  }

  async read(key: string, id: string, fields = 'text'): Promise<void> {
    const { memory } = await this.picard.data<{ memory: object | null }>(
      `query ($id: ID!) { memory(id: $id) { ${fields} } }`,
      { id },
      key,
    );
    if (!memory) throw new Error('There is nothing to read');
  }

  /** Null where that is nobody's business. */
  async seen(key: string, id: string): Promise<Seen[] | null> {
    await this.settle();
    const { memory } = await this.picard.data<{ memory: { seen: Reads | null } }>(
      `query ($id: ID!) { memory(id: $id) { seen(first: 100) { ${FIELDS} } } }`,
      { id },
      key,
    );
    return memory.seen?.edges.map(({ node }) => node) ?? null;
  }

  async reads(key: string, first = 100, after: string | null = null): Promise<Reads> {
    await this.settle();
    const { viewer } = await this.picard.data<{ viewer: { reads: Reads } }>(
      `query ($first: Int, $after: String) { viewer { reads(first: $first, after: $after) { ${FIELDS} } } }`,
      { first, after },
      key,
    );
    return viewer.reads;
  }

  /** The payload or error of a mutation that is asked alone. */
  async change(key: string, mutation: string): Promise<Record<string, unknown>> {
    const data = await this.picard.data<Record<string, Record<string, unknown>>>(
      `mutation { ${mutation} }`,
      {},
      key,
    );
    return Object.values(data)[0] ?? {};
  }
}
