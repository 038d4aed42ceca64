import type { Fragment, Sql } from '../storage/database.ts';
import type { Position } from './group.ts';
import type { InvitedRole } from './group-role.ts';
import type { GroupInvitation } from './invitation.ts';

const invitations = (sql: Sql): Fragment => sql`
  select i.id, i.group_id, g.name as group_name, i.role, i.invitee_id, i.invited_by as invited_by_id, i.created_at,
    i.expires_at
  from group_invitations i join groups g on g.id = i.group_id
  where i.expires_at > now()`;

const behind = (sql: Sql, after: Position | null, limit: number): Fragment => sql`
  ${after ? sql`and (i.created_at, i.id) < (${after.at}, ${after.id})` : sql``}
  order by i.created_at desc, i.id desc limit ${limit}`;

/** Those to a group, newest first; only its owners and managers see any. */
export async function listInvitationsOf(
  sql: Sql,
  groupId: string,
  after: Position | null,
  limit: number,
): Promise<GroupInvitation[]> {
  return sql<GroupInvitation[]>`
    ${invitations(sql)} and i.group_id = ${groupId} ${behind(sql, after, limit)}`;
}

/** Those to an account, newest first. */
export async function listInvitationsTo(
  sql: Sql,
  inviteeId: string,
  after: Position | null,
  limit: number,
): Promise<GroupInvitation[]> {
  return sql<GroupInvitation[]>`
    ${invitations(sql)} and i.invitee_id = ${inviteeId} ${behind(sql, after, limit)}`;
}

export async function findInvitation(sql: Sql, id: string): Promise<GroupInvitation | null> {
  const [row] = await sql<GroupInvitation[]>`${invitations(sql)} and i.id = ${id}`;
  return row ?? null;
}

export async function findInvitationTo(
  sql: Sql,
  groupId: string,
  inviteeId: string,
): Promise<GroupInvitation | null> {
  const [row] = await sql<GroupInvitation[]>`
    ${invitations(sql)} and i.group_id = ${groupId} and i.invitee_id = ${inviteeId}`;
  return row ?? null;
}

export interface NewInvitation {
  id: string;
  groupId: string;
  inviteeId: string | null;
  tokenHash: Buffer | null;
  role: InvitedRole;
  invitedBy: string;
  expiresAt: Date;
}

/** What expired in the group goes. */
export async function insertInvitation(sql: Sql, invitation: NewInvitation): Promise<void> {
  const { id, groupId, inviteeId, tokenHash, role, invitedBy, expiresAt } = invitation;
  await sql`delete from group_invitations where group_id = ${groupId} and expires_at <= now()`;
  await sql`
    insert into group_invitations (id, group_id, invitee_id, token_hash, role, invited_by, expires_at)
    values (${id}, ${groupId}, ${inviteeId}, ${tokenHash}, ${role}, ${invitedBy}, ${expiresAt})`;
}

export async function renewInvitation(
  sql: Sql,
  { id, role, invitedBy, expiresAt }: Pick<NewInvitation, 'id' | 'role' | 'invitedBy' | 'expiresAt'>,
): Promise<void> {
  await sql`
    update group_invitations set role = ${role}, invited_by = ${invitedBy}, expires_at = ${expiresAt}
    where id = ${id}`;
}

/** Those that are open. */
export async function countInvitations(sql: Sql, groupId: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::integer as count from group_invitations where group_id = ${groupId} and expires_at > now()`;
  return row?.count ?? 0;
}

/** Whether it was there: of two who bring it at the same time one is told so. */
export async function deleteInvitation(sql: Sql, id: string): Promise<boolean> {
  return (await sql`delete from group_invitations where id = ${id} and expires_at > now()`).count > 0;
}

export async function deleteInvitationTo(sql: Sql, inviteeId: string, id: string): Promise<boolean> {
  const gone = await sql`
    delete from group_invitations where id = ${id} and invitee_id = ${inviteeId} and expires_at > now()`;
  return gone.count > 0;
}

/**
 * Takes the viewer in by one of the two. Until the transaction ends they join no other group, and nobody else this one.
 * @returns null where it is not good; not joined where they are in already.
 */
export async function acceptInvitation(
  sql: Sql,
  by: { id: string } | { tokenHash: Buffer },
): Promise<{ groupId: string; joined: boolean } | null> {
  const id = 'id' in by ? by.id : null;
  const hash = 'tokenHash' in by ? by.tokenHash : null;
  const [row] = await sql<{ groupId: string; joined: boolean }[]>`
    select group_id, joined from accept_group_invitation(${id}, ${hash})`;
  return row ?? null;
}
