/** An account as an administrator sees it: who it is and how much it holds, nothing of what is in it. */
export interface ManagedUser {
  id: string;
  handle: string;
  displayName: string;
  administrator: boolean;
  createdAt: Date;
  /** False for an account that was made for somebody who has not seen it yet. */
  claimed: boolean;
  suspendedAt: Date | null;
  lastSignInAt: Date | null;
  lastActiveAt: Date | null;
  /** Those in the trash are not counted. */
  memories: number;
  /** Bytes of sealed texts, with history and trash. */
  bytes: number;
  groups: number;
  apps: number;
  apiKeys: number;
  /** Numbers of its own; where there is null the server's holds. */
  maxMemories: number | null;
  maxMegabytes: number | null;
}

export const userStates = ['ACTIVE', 'SUSPENDED'] as const;
export type UserState = (typeof userStates)[number];

export interface UserFilter {
  /** A part of the handle. */
  search?: string | null | undefined;
  state?: UserState | null | undefined;
  administrator?: boolean | null | undefined;
}
