import type { Account } from '../accounts/account.ts';
import type { Fragment, Sql } from '../storage/database.ts';
import type { GroupMember, Position } from './group.ts';
import type { GroupRole } from './group-role.ts';

type MemberRow = Omit<GroupMember, 'account'> & Account;

/** Of a group that the viewer is in; of any other there are none. */
const membersOf = (sql: Sql, viewerId: string, groupId: string): Fragment => sql`
  select m.group_id, m.role, m.joined_at, u.id, u.handle, u.display_name, u.about, u.administrator, u.created_at
  from group_members own join group_members m on m.group_id = own.group_id join users u on u.id = m.user_id
  where own.group_id = ${groupId} and own.user_id = ${viewerId}`;

const member = ({ groupId, role, joinedAt, ...account }: MemberRow): GroupMember => ({
  groupId,
  role,
  joinedAt,
  account,
});

/** The longest-standing first. */
export async function listMembers(
  sql: Sql,
  viewerId: string,
  groupId: string,
  after: Position | null,
  limit: number,
): Promise<GroupMember[]> {
  const rows = await sql<MemberRow[]>`
    ${membersOf(sql, viewerId, groupId)}
    ${after ? sql`and (m.joined_at, m.user_id) > (${after.at}, ${after.id})` : sql``}
    order by m.joined_at, m.user_id limit ${limit}`;
  return rows.map(member);
}

export async function findMember(
  sql: Sql,
  viewerId: string,
  groupId: string,
  userId: string,
): Promise<GroupMember | null> {
  const [row] = await sql<MemberRow[]>`${membersOf(sql, viewerId, groupId)} and m.user_id = ${userId}`;
  return row ? member(row) : null;
}

export async function countMembers(sql: Sql, groupId: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::integer as count from group_members where group_id = ${groupId}`;
  return row?.count ?? 0;
}

export async function countOwners(sql: Sql, groupId: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::integer as count from group_members where group_id = ${groupId} and role = 'owner'`;
  return row?.count ?? 0;
}

export async function updateMemberRole(
  sql: Sql,
  groupId: string,
  userId: string,
  role: GroupRole,
): Promise<void> {
  await sql`update group_members set role = ${role} where group_id = ${groupId} and user_id = ${userId}`;
}

export async function deleteMember(sql: Sql, groupId: string, userId: string): Promise<void> {
  await sql`delete from group_members where group_id = ${groupId} and user_id = ${userId}`;
}
