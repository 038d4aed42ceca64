import type { Viewer } from '../accounts/viewer.ts';
import { InvalidInput } from '../invalid-input.ts';
import { trusts, type Trust } from './memory.ts';

const rank = (trust: Trust): number => trusts.indexOf(trust);

/** @returns PERSON of none */
export function leastTrusted(all: Iterable<Trust>): Trust {
  return [...all].reduce<Trust>((least, each) => (rank(each) > rank(least) ? each : least), 'PERSON');
}

/**
 * Whose words a credential writes: the person's where it may manage the account and is used over GraphQL or in the CLI,
 * else those of an app: over MCP and REST a model or a script speaks, whatever its key may do.
 */
export function trustOf({ scopes, face, exchanged }: Viewer): Trust {
  const atHand = (face === 'graphql' || face === 'cli') && !exchanged;
  return atHand && scopes.has('account:manage') ? 'PERSON' : 'APP';
}

/**
 * The same where the caller says who wrote: less than what the credential writes, never more.
 * @throws {InvalidInput}
 */
export function trustOfWriter(viewer: Viewer, said: Trust | null | undefined, field: string): Trust {
  const most = trustOf(viewer);
  if (!said || rank(said) >= rank(most)) return said ?? most;
  throw new InvalidInput(
    `${field}.trust`,
    `must be at most ${most}, for that is what this credential writes; leave it out, or write over GraphQL with ` +
      'a credential that holds account:manage',
  );
}

export interface Change {
  writer: Trust;
  /** Whether the text is another one. */
  rewritten: boolean;
  /** What an earlier version was, where the text is that one's. */
  restored: Trust | null;
  /** What the memory was made of, where the change says so anew. */
  sources: readonly Trust[] | null;
}

interface Trusted {
  trust: Trust;
  ownTrust: Trust | null;
}

/** The whole: the own part, and what it was made of. */
export function withSources(own: Trust, sources: Iterable<Trust>): Trusted {
  const trust = leastTrusted([own, ...sources]);
  return { trust, ownTrust: trust === own ? null : own };
}

/**
 * What a change leaves. The person who writes the text anew makes the own part theirs again; anybody else leaves it as
 * it is or lowers it, also by saying that the memory was made of something else.
 * @param before the memory, and how much its sources were trusted
 */
export function trustAfter(before: Trusted & { sources: readonly Trust[] }, change: Change): Trusted {
  const { writer, rewritten, restored, sources } = change;
  const restoredOwn = restored ?? 'PERSON';
  if (writer === 'PERSON') {
    const own = rewritten ? restoredOwn : (before.ownTrust ?? before.trust);
    return withSources(own, sources ?? before.sources);
  }
  const least = sources ? before.trust : (before.ownTrust ?? before.trust);
  return withSources(leastTrusted([writer, least, restoredOwn]), sources ?? before.sources);
}
