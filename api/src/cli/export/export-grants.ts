import type { Door } from '../door.ts';
import type { ExportedGrant } from './export-format.ts';

const page = `query ExportGrants($after: String) {
  viewer {
    grants(first: 100, after: $after) {
      edges { node {
        level expiresAt memory { id owner { id } } rule { tags kinds sources thread }
        grantee { ... on User { handle } ... on Group { groupId: id groupName: name } }
      } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

interface Told extends Pick<ExportedGrant, 'level' | 'expiresAt' | 'rule'> {
  memory: { id: string; owner: { id: string } } | null;
  grantee: { handle?: string; groupId?: string; groupName?: string };
}
interface Answer {
  viewer: {
    grants: { edges: { node: Told }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
  };
}

/** The shares of one's own memories. What was passed on of others' is theirs to share; a group that one has left, too. */
export async function* exportedGrants(door: Door, ownerId: string): AsyncGenerator<ExportedGrant> {
  for (let after: string | null = null; ;) {
    const answer: Answer = await door.ask(page, { after });
    const { edges, pageInfo } = answer.viewer.grants;
    for (const { node } of edges) {
      const line = exported(node, ownerId);
      if (line) yield line;
    }
    if (!pageInfo.hasNextPage) return;
    after = pageInfo.endCursor;
  }
}

function exported({ memory, rule, grantee, level, expiresAt }: Told, ownerId: string): ExportedGrant | null {
  const { handle, groupId, groupName: name = '' } = grantee;
  const audience = handle === undefined ? groupId && { groupId, name } : { handle };
  if (!audience || (!rule && memory?.owner.id !== ownerId)) return null;
  const shared = rule ? { rule } : { memoryId: memory?.id };
  return { picard: 'grant', ...shared, with: audience, level, expiresAt };
}
