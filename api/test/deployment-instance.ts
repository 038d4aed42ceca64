import { pino } from 'pino';
import { readConfig } from '../src/config.ts';
import type { HttpOptions } from '../src/http/server.ts';
import { startPicard, type Picard } from '../src/start-picard.ts';

export type Env = Readonly<Record<string, string | undefined>>;
export type Parts = Pick<HttpOptions, 'fetchDocument'>;

export interface Deployed {
  /** Where callers reach it. */
  readonly url: URL;
  /** The first instance; closing it, or its HTTP server, closes all. */
  readonly picard: Picard;
  /** Every instance that serves the API. */
  readonly instances: readonly Picard[];
}

export const silent = pino({ level: 'silent' });

export const startInstance = (env: Env, parts: Parts): Promise<Picard> =>
  startPicard(readConfig(env), silent, parts);
