import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { InvitedRole } from './group-role.ts';

/** For one account, or, where there is no invitee, for whoever brings its link. Good once. */
export interface GroupInvitation {
  id: string;
  groupId: string;
  groupName: string;
  role: InvitedRole;
  inviteeId: string | null;
  /** Null once that account is gone. */
  invitedById: string | null;
  createdAt: Date;
  expiresAt: Date;
}

const DAY = 24 * 3_600_000;
export const INVITATION_DAYS = 7;
export const MAX_INVITATION_DAYS = 30;

export const defaultExpiry = (): Date => new Date(Date.now() + INVITATION_DAYS * DAY);

export const invitationExpiry = z
  .date()
  .refine((end) => end.getTime() > Date.now(), 'must be later than now')
  .refine(
    (end) => end.getTime() <= Date.now() + MAX_INVITATION_DAYS * DAY,
    `must be at most ${MAX_INVITATION_DAYS} days from now`,
  );

/** 256 random bits. */
export function newInvitationToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Where whoever has the link joins, below the address of the server. */
export function joinPath(token: string): string {
  return `/groups/join?token=${token}`;
}
