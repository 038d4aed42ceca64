import type { Account } from '../accounts/account.ts';
import { clearText } from '../clear-text.ts';
import type { GroupRole } from './group-role.ts';

/** As a viewer who is in it sees it. */
export interface Group {
  id: string;
  name: string;
  about: string;
  createdAt: Date;
  memberCount: number;
  viewerRole: GroupRole;
  /** When the viewer came in. */
  joinedAt: Date;
}

export interface GroupMember {
  groupId: string;
  account: Account;
  role: GroupRole;
  joinedAt: Date;
}

/** What is counted is counted after the change, in its transaction, which holds the lock that the next one waits for. */
export const MAX_MEMBERS = 1_000;
export const MAX_PENDING_INVITATIONS = 100;
export const MAX_GROUPS = 200;

export const groupName = clearText
  .trim()
  .min(1, 'must not be empty')
  .max(80, 'must be at most 80 characters');
export const groupAbout = clearText.trim().max(2_000, 'must be at most 2000 characters');

/** The place in a list that is sorted by a time, then by an id. */
export interface Position {
  at: Date;
  id: string;
}
