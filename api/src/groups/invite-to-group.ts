import { randomUUID } from 'node:crypto';
import { hashToken } from '../accounts/account-link.ts';
import { AccountNotFound } from '../accounts/errors.ts';
import { findAccountByHandle } from '../accounts/find-account.ts';
import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import { checked } from '../invalid-input.ts';
import type { Services } from '../services.ts';
import type { Sql } from '../storage/database.ts';
import { violatesForeignKey } from '../storage/errors.ts';
import { AlreadyMember, GroupLimit, GroupNotFound } from './errors.ts';
import { MAX_PENDING_INVITATIONS } from './group.ts';
import { requireRole, roleOver, type GroupRole, type InvitedRole } from './group-role.ts';
import { defaultExpiry, invitationExpiry, newInvitationToken, type GroupInvitation } from './invitation.ts';
import {
  countInvitations,
  findInvitation,
  findInvitationTo,
  insertInvitation,
  renewInvitation,
  type NewInvitation,
} from './invitation-rows.ts';
import { findMember } from './member-rows.ts';
import { lockGroup } from './rows.ts';

export interface Inviting {
  groupId: string;
  /** Whose; without one, whoever brings the link. */
  handle?: string | null | undefined;
  role?: InvitedRole | null | undefined;
  expiresAt?: Date | null | undefined;
}

/**
 * Who is invited already gets no second invitation: the one they have is renewed, with the new role and end.
 * @returns the token of the link, this once; null for an invitation by handle, which needs none.
 * @throws {InvalidInput | GroupNotFound | GroupRoleRequired | AccountNotFound | AlreadyMember | GroupLimit}
 */
export async function inviteToGroup(
  services: Services,
  viewer: Viewer,
  input: Inviting,
): Promise<{ invitation: GroupInvitation; token: string | null }> {
  const { groupId, handle = null } = input;
  const role = input.role ?? 'member';
  const expiresAt = checked('expiresAt', invitationExpiry, input.expiresAt ?? defaultExpiry());
  if (!isId(groupId)) throw new GroupNotFound(groupId);
  const invitee = handle === null ? null : await findAccountByHandle(services, handle);
  const token = handle === null ? newInvitationToken() : null;
  const inviteeId = invitee?.id ?? null;
  const tokenHash = token === null ? null : hashToken(token);
  const invitation = {
    id: randomUUID(),
    groupId,
    inviteeId,
    tokenHash,
    role,
    invitedBy: viewer.id,
    expiresAt,
  };
  try {
    return await services.database.forViewer(viewer.id, async (sql) => {
      const own = await lockGroup(sql, groupId, inviteeId);
      if (!own) throw new GroupNotFound(groupId);
      requireRole(own, roleOver(role));
      if (handle !== null && !invitee) throw new AccountNotFound(handle);
      const id = await insertOrRenew(sql, own, invitation);
      if ((await countInvitations(sql, groupId)) > MAX_PENDING_INVITATIONS)
        throw new GroupLimit(MAX_PENDING_INVITATIONS, 'open invitations to a group. Revoke one first.');
      const written = await findInvitation(sql, id);
      if (!written) throw new Error('The invitation that was just made is gone');
      return { invitation: written, token };
    });
  } catch (error) {
    // The account went after it was looked up.
    if (handle !== null && violatesForeignKey(error, INVITEE)) throw new AccountNotFound(handle);
    throw error;
  }
}

const INVITEE = 'group_invitations_invitee_id_fkey';

async function insertOrRenew(sql: Sql, own: GroupRole, invitation: NewInvitation): Promise<string> {
  const { groupId, inviteeId, invitedBy } = invitation;
  if (inviteeId === null) {
    await insertInvitation(sql, invitation);
    return invitation.id;
  }
  if (await findMember(sql, invitedBy, groupId, inviteeId))
    throw new AlreadyMember(groupId, inviteeId, 'They are in this group already. Nothing was changed.');
  const pending = await findInvitationTo(sql, groupId, inviteeId);
  if (!pending) {
    await insertInvitation(sql, invitation);
    return invitation.id;
  }
  requireRole(own, roleOver(pending.role));
  await renewInvitation(sql, { ...invitation, id: pending.id });
  return pending.id;
}
