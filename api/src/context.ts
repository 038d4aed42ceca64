import type DataLoader from 'dataloader';
import type { Account } from './accounts/account.ts';
import type { Viewer } from './accounts/viewer.ts';
import type { Services } from './services.ts';

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
  /** Whether a memory is found by meaning already. */
  readonly embedded: DataLoader<string, boolean>;
}
