/** What can be done, by the name that the database gives it in `0006-audit.sql`. */
export const acts = [
  'MEMORY_SUBMITTED',
  'MEMORY_UPDATED',
  'MEMORY_DELETED',
  'MEMORY_UNDELETED',
  'MEMORY_ERASED',
  'ACCESS_GRANTED',
  'ACCESS_CHANGED',
  'ACCESS_REVOKED',
  'GROUP_CREATED',
  'GROUP_UPDATED',
  'GROUP_DELETED',
  'GROUP_JOINED',
  'GROUP_LEFT',
  'GROUP_MEMBER_REMOVED',
  'GROUP_ROLE_CHANGED',
  'GROUP_INVITED',
  'GROUP_INVITATION_DECLINED',
  'GROUP_INVITATION_REVOKED',
  'ACCOUNT_CREATED',
  'ACCOUNT_CLAIMED',
  'ACCOUNT_DELETED',
  'ACCOUNT_LINK_CREATED',
  'PROFILE_UPDATED',
  'ADMINISTRATOR_CHANGED',
  'SIGNED_IN',
  'SIGN_IN_FAILED',
  'SESSION_BEGUN',
  'SESSION_ENDED',
  'PASSWORD_SET',
  'PASSWORD_CHANGED',
  'RECOVERY_CODES_RENEWED',
  'PASSKEY_ADDED',
  'PASSKEY_RENAMED',
  'PASSKEY_DELETED',
  'API_KEY_CREATED',
  'API_KEY_ROTATED',
  'API_KEY_REVOKED',
  'APP_ALLOWED',
  'APP_ACCESS_ENDED',
  'APP_CONNECTED',
  'APP_RENAMED',
  'APP_PAUSED',
  'APP_RESUMED',
  'APP_DISCONNECTED',
  'EXPORT_BEGUN',
  'MASTER_KEY_ROTATED',
  'SIGNING_KEY_CREATED',
  'SIGNING_KEYS_REVOKED',
] as const;
export type Act = (typeof acts)[number];

/** Through what somebody acted; `server` is the server by itself. */
export const actFaces = ['graphql', 'mcp', 'rest', 'cli', 'page', 'oauth', 'server'] as const;
export type ActFace = (typeof actFaces)[number];

/** One entry of a log, with accounts by their ids as far as they are still there. */
export interface Entry {
  /** Its place in the log, from 1. */
  seq: number;
  at: Date;
  actId: string;
  act: Act;
  /** Whose log it is. */
  accountId: string | null;
  /** Who did it: null for the server, somebody unknown, or an account that is gone. */
  actorId: string | null;
  credential: 'key' | 'token' | null;
  credentialId: string | null;
  face: ActFace;
  operation: string | null;
  concernedId: string | null;
  subjects: string[];
  subjectCount: number;
  details: Record<string, unknown> | null;
}

export interface EntryFilter {
  acts?: readonly Act[] | null | undefined;
  since?: Date | null | undefined;
  before?: Date | null | undefined;
}
