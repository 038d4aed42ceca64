import type { Client } from '@modelcontextprotocol/client';
import type { Somebody } from './groups-stage.ts';
import { connectPerson } from './mcp-asking-host.ts';
import type { Era } from './mcp-requests.ts';
import { SharingStage } from './sharing-stage.ts';

export interface Kept {
  id: string;
  text: string;
  trust: string;
  writtenBy: { handle: string } | null;
  derivedFrom: { id: string }[];
}
export type Answered = { __typename: string; code?: string; field?: string; message?: string; memory: Kept };
interface Told {
  isError?: boolean;
  content: { text: string }[];
  structuredContent: Record<string, ReturnType<JSON['parse']>>;
}

const MEMORY = 'memory { id text trust writtenBy { handle } derivedFrom { id } }';

/** What people and their apps write, and how it is shown. */
export class TrustStage extends SharingStage {
  async write(
    who: Somebody,
    mutation: string,
    input: Record<string, unknown>,
    key = who.key,
  ): Promise<Answered> {
    const name = mutation.charAt(0).toUpperCase() + mutation.slice(1);
    const data = await this.picard.data<Record<string, Answered>>(
      `mutation ($input: ${name}Input!) { ${mutation}(input: $input) { __typename
        ... on ${name}Payload { ${MEMORY} } ... on UserError { code message ... on InvalidInput { field } } } }`,
      { input },
      key,
    );
    return data[mutation] as Answered;
  }

  /** A new memory, and what is trusted of it. */
  async made(who: Somebody, input: Record<string, unknown> = {}, key = who.key): Promise<Kept> {
    const { memory, message } = await this.write(
      who,
      'submitMemory',
      { text: 'Mira lives in Oslo.', ...input },
      key,
    );
    if (!memory) throw new Error(message);
    return memory;
  }

  async look(who: Somebody, id: string): Promise<Kept | null> {
    const { memory } = await this.picard.data<{ memory: Kept | null }>(
      `query ($id: ID!) { ${MEMORY.replace('memory', 'memory(id: $id)')} }`,
      { id },
      who.key,
    );
    return memory;
  }

  async trust(who: Somebody, id: string): Promise<string | undefined> {
    return (await this.look(who, id))?.trust;
  }

  /** A key that may write and nothing else: an app's. */
  async appKey(who: Somebody): Promise<string> {
    const { createApiKey } = await this.picard.data<{ createApiKey: { secret: string } }>(
      `mutation { createApiKey(input: { name: "App", scopes: [MEMORIES_WRITE], faces: [GRAPHQL, MCP, REST] }) {
        ... on CreateApiKeyPayload { secret } } }`,
      {},
      who.key,
    );
    return createApiKey.secret;
  }

  async tool(
    who: Somebody,
    name: string,
    args: Record<string, unknown>,
    era: Era = '2026-07-28',
  ): Promise<Told> {
    const client: Client = await connectPerson(this.picard.url, era, who.key);
    try {
      return (await client.callTool({ name, arguments: args })) as unknown as Told;
    } finally {
      await client.close();
    }
  }

  /** Out of the trash for good, as after its thirty days. */
  async erase(who: Somebody, id: string): Promise<void> {
    await this.picard.data(
      'mutation ($id: ID!) { deleteMemory(input: { id: $id }) { __typename } }',
      { id },
      who.key,
    );
    await this.picard.picard.services.database.forJobs(
      (sql) => sql`delete from memories where id = ${id} and deleted_at is not null`,
    );
  }
}
