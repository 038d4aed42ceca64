import type { Logger } from 'pino';
import type { SignIn } from './accounts/sign-in.ts';
import type { Embeddings } from './index/embeddings.ts';
import type { Reads } from './reads/read-log.ts';
import type { DataKeys } from './storage/data-keys.ts';
import type { Database } from './storage/database.ts';
import type { Events } from './storage/events.ts';

/** What every use case is handed; opened once by `open-services.ts`. */
export interface Services {
  readonly database: Database;
  readonly dataKeys: DataKeys;
  readonly events: Events;
  readonly embeddings: Embeddings;
  /** What telling people apart needs beside the data. */
  readonly signIn: SignIn;
  /** Notes who saw what; those of a request know who asks. */
  readonly reads: Reads;
  readonly logger: Logger;
}
