import type { KeyObject } from 'node:crypto';
import type { AccountKeys } from '../storage/data-keys.ts';
import type { Sql } from '../storage/database.ts';
import { listAudiences } from './audience-rows.ts';
import { keyedToken } from './keyed-tokens.ts';

/** An index of words that a viewer may look into, and what it is keyed with. */
export interface WordKey {
  audienceId: string;
  /** Whether it is of the viewer's own memories, or of others'. */
  own: boolean;
  key: KeyObject;
}

/** The viewer's own index is under their own key; what others share, if they do, is in one for each audience, under the server's. */
export async function wordKeysOf(sql: Sql, viewerId: string, keys: AccountKeys): Promise<WordKey[]> {
  const audiences = await listAudiences(sql, viewerId);
  return [
    { audienceId: viewerId, own: true, key: keys.keywords },
    ...audiences.map((audienceId) => ({ audienceId, own: false, key: keys.audienceWords })),
  ];
}

/** Tokens of a query; `stems` tells which of its words each stands for, by the place it has there. */
export interface KeyedStems {
  tokens: bigint[];
  stems: number[];
}

export function keyedStems(wordKeys: readonly WordKey[], stems: readonly string[]): KeyedStems {
  const pairs = wordKeys.flatMap(({ audienceId, key }) =>
    stems.map((stem, index) => ({ token: keyedToken(key, audienceId, stem), index })),
  );
  return { tokens: pairs.map(({ token }) => token), stems: pairs.map(({ index }) => index) };
}
