import type DataLoader from 'dataloader';
import type { Account } from './accounts/account.ts';
import type { Viewer } from './accounts/viewer.ts';
import type { Group } from './groups/group.ts';
import type { Memory } from './memories/memory.ts';
import type { Services } from './services.ts';
import type { AccessLevel } from './sharing/level-rows.ts';

/** What a resolver knows of the request, whichever face it came through. */
export interface Context {
  readonly viewer: Viewer | null;
  readonly services: Services;
  readonly loaders: Loaders;
  /** Where people reach this server: passkeys are good there alone. */
  readonly publicUrl: URL;
  /** Aborts when the caller goes away or the time for the request is up. */
  readonly signal: AbortSignal | undefined;
  /** Whether the credential is still good: asked again before each event of a subscription. */
  readonly stillValid: () => Promise<boolean>;
}

/** One look-up for many fields of one request. */
export interface Loaders {
  readonly accounts: DataLoader<string, Account | null>;
  /** Of memories that this request was let see, though it may no longer be. */
  readonly owners: DataLoader<string, Account | null>;
  /** Null for a group that the viewer is not in. */
  readonly groups: DataLoader<string, Group | null>;
  /** As they are when they are asked for: nothing is remembered. */
  readonly memories: DataLoader<string, Memory | null>;
  /** The ids of what a memory was made of. */
  readonly sources: DataLoader<string, string[]>;
  /** What the viewer may do with a memory of somebody else. */
  readonly levels: DataLoader<string, AccessLevel>;
  /** Whether a memory is found by meaning already. */
  readonly embedded: DataLoader<string, boolean>;
}
