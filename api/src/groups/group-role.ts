import { GroupRoleRequired } from './errors.ts';

/** From the least to the most. A group always has an owner. */
export const groupRoles = ['member', 'manager', 'owner'] as const;
export type GroupRole = (typeof groupRoles)[number];
/** Nobody becomes an owner by an invitation. */
export type InvitedRole = Exclude<GroupRole, 'owner'>;

const rank = (role: GroupRole): number => groupRoles.indexOf(role);

/** Who may give a role, take it away, or show somebody out who has it: a manager has a say over members alone. */
export function roleOver(role: GroupRole): GroupRole {
  return role === 'member' ? 'manager' : 'owner';
}

export function higher(one: GroupRole, other: GroupRole): GroupRole {
  return rank(one) > rank(other) ? one : other;
}

export function isAtLeast(role: GroupRole, least: GroupRole): boolean {
  return rank(role) >= rank(least);
}

/** @throws {GroupRoleRequired} */
export function requireRole(role: GroupRole, least: GroupRole): void {
  if (!isAtLeast(role, least)) throw new GroupRoleRequired(least, role);
}
