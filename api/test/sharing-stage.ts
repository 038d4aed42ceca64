import { GroupsStage, type Somebody } from './groups-stage.ts';

const PERSON_OR_GROUP =
  '__typename ... on User { handle } ... on Group { groupName: name } ... on FormerGroup { groupName: name }';
const GRANT = `id level expiresAt memory { id } rule { tags kinds sources thread } grantedBy { handle }
  grantee { ${PERSON_OR_GROUP} }`;
const ACCESS = `access(first: 100) { edges { node { level via expiresAt principal { ${PERSON_OR_GROUP} }
  grant { id rule { tags } grantedBy { handle } } } } }`;

export interface Grant {
  id: string;
  level: string;
  expiresAt: string | null;
  memory: { id: string } | null;
  rule: { tags: string[]; kinds: string[]; sources: string[]; thread: string | null } | null;
  grantedBy: { handle: string } | null;
  grantee: Named;
}
interface Named {
  __typename: string;
  handle?: string;
  groupName?: string;
}
interface List<Node> {
  edges: { node: Node }[];
}
interface Access {
  level: string;
  via: string;
  expiresAt: string | null;
  principal: Named;
  grant: { id: string; rule: { tags: string[] } | null; grantedBy: { handle: string } | null } | null;
}

/** What a mutation came to: its payload's fields, or a named error's. */
export interface Shared {
  __typename: string;
  code?: string;
  message?: string;
  field?: string;
  failures?: { index: number; code: string }[];
  grant: Grant;
  grantIds: string[];
  memoriesNow: number;
  memory: { id: string; viewerLevel: string; visibility: string } | null;
  results: (Shared & { revokedIds: string[]; grants: Grant[] })[];
}

const MEMORY = 'memory { id viewerLevel visibility }';
const ITEM = `__typename ... on UserError { code message } ... on MemoryPermissions { ${MEMORY} revokedIds grants { ${GRANT} } }`;
const FIELDS: Record<string, string> = {
  shareMemory: `grant { ${GRANT} } ${MEMORY}`,
  shareByRule: `grant { ${GRANT} } memoriesNow`,
  revokeShare: `grantIds ${MEMORY}`,
  modifyPermissions: `results { ${ITEM} }`,
};

const named = ({ handle, groupName, __typename }: Named): string => handle ?? groupName ?? __typename;
const nodes = <Node>({ edges }: List<Node>): Node[] => edges.map(({ node }) => node);

/** What people do to share their memories, over HTTP. */
export class SharingStage extends GroupsStage {
  async memory(who: Somebody, fields: Record<string, unknown> = {}): Promise<string> {
    const { submitMemory } = await this.picard.data<{ submitMemory: { memory: { id: string } } }>(
      `mutation ($input: SubmitMemoryInput!) { submitMemory(input: $input) {
        ... on SubmitMemoryPayload { memory { id } } } }`,
      { input: { text: 'Mira lives in Oslo.', ...fields } },
      who.key,
    );
    return submitMemory.memory.id;
  }

  async update(who: Somebody, id: string, fields: Record<string, unknown>): Promise<string> {
    const { updateMemory } = await this.picard.data<{ updateMemory: { __typename: string; code?: string } }>(
      'mutation ($input: UpdateMemoryInput!) { updateMemory(input: $input) { __typename ... on UserError { code } } }',
      { input: { id, ...fields } },
      who.key,
    );
    return updateMemory.code ?? updateMemory.__typename;
  }

  async shares(who: Somebody, mutation: string, input: Record<string, unknown>): Promise<Shared> {
    const name = mutation.charAt(0).toUpperCase() + mutation.slice(1);
    const data = await this.picard.data<Record<string, Shared>>(
      `mutation ($input: ${name}Input!) { ${mutation}(input: $input) { __typename
        ... on UserError { code message } ... on InvalidInput { field } ... on ${name}Payload { ${FIELDS[mutation]} }
        ${mutation === 'modifyPermissions' ? '... on BatchRefused { failures { index code } }' : ''} } }`,
      { input },
      who.key,
    );
    return data[mutation] as Shared;
  }

  share(
    who: Somebody,
    memoryId: string,
    grantee: Somebody | { groupId: string },
    more: object = {},
  ): Promise<Shared> {
    const target = 'handle' in grantee ? { handle: grantee.handle } : grantee;
    return this.shares(who, 'shareMemory', { memoryId, with: target, ...more });
  }

  /** What somebody may do with a memory, as they are told; null where they may not see it. */
  async level(who: Somebody, id: string): Promise<string | null> {
    const { memory } = await this.picard.data<{ memory: { viewerLevel: string } | null }>(
      'query ($id: ID!) { memory(id: $id) { viewerLevel } }',
      { id },
      who.key,
    );
    return memory?.viewerLevel ?? null;
  }

  levels(id: string, ...people: Somebody[]): Promise<(string | null)[]> {
    return Promise.all(people.map((who) => this.level(who, id)));
  }

  /** Who sees a memory and why, as one of them is told: "ada OWNER OWNER"; null where they may not see it. */
  async access(who: Somebody, id: string): Promise<string[] | null> {
    return (
      (await this.accessOf(who, id))?.map(
        ({ principal, level, via }) => `${named(principal)} ${level} ${via}`,
      ) ?? null
    );
  }

  async accessOf(who: Somebody, id: string): Promise<Access[] | null> {
    const { memory } = await this.picard.data<{ memory: { access: List<Access> } | null }>(
      `query ($id: ID!) { memory(id: $id) { ${ACCESS} } }`,
      { id },
      who.key,
    );
    return memory && nodes(memory.access);
  }

  /** The ids of the memories in a list. */
  async list(who: Somebody, filter: Record<string, unknown> = {}): Promise<string[]> {
    const { memories } = await this.picard.data<{ memories: List<{ id: string }> }>(
      'query ($filter: MemoryFilter) { memories(first: 100, filter: $filter) { edges { node { id } } } }',
      { filter },
      who.key,
    );
    return nodes(memories).map(({ id }) => id);
  }

  /** The ids of what is found by words. */
  async found(who: Somebody, text: string): Promise<string[]> {
    const { searchMemories } = await this.picard.data<{ searchMemories: List<{ id: string }> }>(
      'query ($text: String!) { searchMemories(query: $text, mode: WORDS) { edges { node { id } } } }',
      { text },
      who.key,
    );
    return nodes(searchMemories).map(({ id }) => id);
  }

  async grantsOf(who: Somebody): Promise<Grant[]> {
    const { viewer } = await this.picard.data<{ viewer: { grants: List<Grant> } }>(
      `{ viewer { grants(first: 100) { edges { node { ${GRANT} } } } } }`,
      {},
      who.key,
    );
    return nodes(viewer.grants);
  }

  /** A share, or a memory, whose end came this moment. */
  async end(table: 'grants' | 'memories', id: string): Promise<void> {
    await this.picard.picard.services.database.asOwner(
      (sql) => sql`update ${sql(table)} set expires_at = now() where id = ${id}`,
    );
  }
}
