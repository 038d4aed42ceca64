import { ask, signedIn } from './accounts-people.ts';
import type { TestPicard } from './picard.ts';

export interface Somebody {
  id: string;
  handle: string;
  key: string;
}

/** What a mutation came to: its payload's fields, or a named error's. Each test knows which of them its own has. */
export interface Came {
  __typename: string;
  code?: string;
  message?: string;
  group: { id: string };
  invitation: Invited;
  link: string;
}

interface Member {
  handle: string;
  role: string;
}
interface List<Node> {
  edges: { node: Node }[];
}
const nodes = <Node>({ edges }: List<Node>): Node[] => edges.map(({ node }) => node);
export interface Invited {
  id: string;
  groupId: string;
  groupName: string;
  role: string;
  expiresAt: string;
  invitee: { handle: string } | null;
  invitedBy: { handle: string } | null;
}

const GROUP = 'id name about memberCount viewerRole';
const INVITATION = 'id groupId groupName role expiresAt invitee { handle } invitedBy { handle }';
/** What each payload has. */
const FIELDS: Record<string, string> = {
  createGroup: `group { ${GROUP} }`,
  updateGroup: `group { ${GROUP} }`,
  deleteGroup: 'groupId membersRemoved invitationsRevoked',
  inviteToGroup: `invitation { ${INVITATION} } link`,
  acceptGroupInvitation: `group { ${GROUP} }`,
  declineGroupInvitation: 'invitationId',
  revokeGroupInvitation: 'invitationId',
  changeGroupRole: 'member { user { id handle } role }',
  removeGroupMember: 'groupId userId',
  leaveGroup: 'groupId',
};

/** What people do in groups, over HTTP. */
export class GroupsStage {
  readonly picard: TestPicard;
  #people = 0;

  constructor(picard: TestPicard) {
    this.picard = picard;
  }

  async somebody(handle = `somebody-${(this.#people += 1)}`): Promise<Somebody> {
    const key = await this.picard.account(handle);
    const { viewer } = await this.picard.data<{ viewer: { user: { id: string } } }>(
      '{ viewer { user { id } } }',
      {},
      key,
    );
    return { id: viewer.user.id, handle, key };
  }

  people<Count extends number[]>(...count: Count): Promise<{ [Each in keyof Count]: Somebody }> {
    return Promise.all(count.map(() => this.somebody())) as Promise<{ [Each in keyof Count]: Somebody }>;
  }

  async does(who: Somebody, mutation: string, input: Record<string, unknown>): Promise<Came> {
    const name = mutation.charAt(0).toUpperCase() + mutation.slice(1);
    const data = await this.picard.data<Record<string, Came>>(
      `mutation ($input: ${name}Input!) { ${mutation}(input: $input) {
        __typename ... on UserError { code message ... on InvalidInput { field } }
        ... on ${name}Payload { ${FIELDS[mutation] ?? ''} } } }`,
      { input },
      who.key,
    );
    const came = data[mutation];
    if (!came) throw new Error(`${mutation} came to nothing`);
    return came;
  }

  async group(owner: Somebody): Promise<string> {
    const { group } = await this.does(owner, 'createGroup', { name: 'Lighthouse keepers' });
    return group.id;
  }

  /** Without a request for each: in the order given, a minute after each other. */
  async settled(...members: (readonly [Somebody, 'owner' | 'manager' | 'member'])[]): Promise<string> {
    return this.picard.picard.services.database.asOwner(async (sql) => {
      const [group] = await sql<{ id: string }[]>`
        insert into groups (name) values ('Lighthouse keepers') returning id`;
      const id = group?.id ?? '';
      for (const [minutes, [person, role]] of members.entries())
        await sql`
          insert into group_members (group_id, user_id, role, joined_at)
          values (${id}, ${person.id}, ${role}, '2026-01-01'::timestamptz + ${minutes}::integer * interval '1 minute')`;
      return id;
    });
  }

  /** Everything that is kept of a group. */
  async kept(groupId: string): Promise<unknown> {
    const [row] = await this.picard.picard.services.database.asOwner(
      (sql) => sql`
        select (select to_jsonb(g) from groups g where id = ${groupId}) as group,
          coalesce((select jsonb_agg(to_jsonb(m) order by user_id) from group_members m where group_id = ${groupId}), '[]') as members,
          coalesce((select jsonb_agg(to_jsonb(i) order by id) from group_invitations i where group_id = ${groupId}), '[]') as invitations`,
    );
    return row;
  }

  async join(owner: Somebody, groupId: string, person: Somebody): Promise<Came> {
    const { invitation } = await this.does(owner, 'inviteToGroup', { groupId, handle: person.handle });
    return this.does(person, 'acceptGroupInvitation', { invitationId: invitation.id });
  }

  /** A link, and the token in it. */
  async link(owner: Somebody, groupId: string, more: Record<string, unknown> = {}) {
    const { link, invitation } = await this.does(owner, 'inviteToGroup', { groupId, ...more });
    return { token: new URL(link).searchParams.get('token') ?? '', id: invitation.id };
  }

  /** As one who is in it sees it; null where they are not. */
  async members(who: Somebody, groupId: string): Promise<Member[] | null> {
    const { node } = await this.picard.data<{
      node: { members: List<{ role: string; user: { handle: string } }> } | null;
    }>(
      `query ($id: ID!) { node(id: $id) { ... on Group { members(first: 100) {
        edges { node { role user { handle } } } } } } }`,
      { id: groupId },
      who.key,
    );
    return node && nodes(node.members).map(({ role, user }) => ({ handle: user.handle, role }));
  }

  async invitationsOf(who: Somebody, groupId: string): Promise<Invited[] | null> {
    const { node } = await this.picard.data<{ node: { invitations: List<Invited> } | null }>(
      `query ($id: ID!) { node(id: $id) { ... on Group { invitations(first: 100) {
        edges { node { ${INVITATION} } } } } } }`,
      { id: groupId },
      who.key,
    );
    return node && nodes(node.invitations);
  }

  async invitationsTo(who: Somebody): Promise<Invited[]> {
    const { viewer } = await this.picard.data<{ viewer: { groupInvitations: List<Invited> } }>(
      `{ viewer { groupInvitations(first: 100) { edges { node { ${INVITATION} } } } } }`,
      {},
      who.key,
    );
    return nodes(viewer.groupInvitations);
  }

  /** The ids of the groups somebody is in. */
  async groupsOf(who: Somebody): Promise<string[]> {
    const { viewer } = await this.picard.data<{ viewer: { groups: List<{ id: string }> } }>(
      '{ viewer { groups(first: 100) { edges { node { id } } } } }',
      {},
      who.key,
    );
    return nodes(viewer.groups).map(({ id }) => id);
  }

  deleteAccount(who: Somebody): Promise<Came> {
    return ask<Came>(
      this.picard,
      signedIn(who.id),
      'mutation ($handle: String!) { deleteAccount(input: { handle: $handle }) { __typename } }',
      { handle: who.handle },
    );
  }
}
