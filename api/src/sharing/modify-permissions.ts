import type { Viewer } from '../accounts/viewer.ts';
import { indexPendingWords } from '../index/index-for-audiences.ts';
import { InvalidInput } from '../invalid-input.ts';
import { MAX_BATCH, type Visibility } from '../memories/memory.ts';
import type { Services } from '../services.ts';
import type { Outcome } from '../user-error.ts';
import { applyPermissions, type Applied } from './apply-permissions.ts';
import { findGrantee, type GivenGrantee, type Grantee } from './find-grantee.ts';
import { MAX_GRANTEES, MAX_SHARES, WORDS_AT_ONCE } from './grant.ts';
import { checkedShares, type GivenShare } from './share-memory.ts';

export interface Modification {
  memoryIds: readonly string[];
  visibility?: Visibility | null | undefined;
  share?: readonly GivenShare[] | null | undefined;
  revoke?: readonly GivenGrantee[] | null | undefined;
  atomic?: boolean | null | undefined;
}

/** What each memory came to, in order. @throws {InvalidInput | GranteeNotFound | BatchRefused} */
export async function modifyPermissions(
  services: Services,
  viewer: Viewer,
  input: Modification,
): Promise<Outcome<Applied>[]> {
  refuseBadInput(input);
  const { memoryIds, visibility = null } = input;
  const share = await checkedShares(services, viewer, input.share ?? [], (index) => `share.${index}.with`);
  const revoke: Grantee[] = [];
  for (const [index, each] of (input.revoke ?? []).entries()) {
    const grantee = await findGrantee(services, each, `revoke.${index}`);
    if (share.some((given) => given.with.id === grantee.id))
      throw new InvalidInput(grantee.place, 'must not be whom the same request shares with');
    revoke.push(grantee);
  }
  const permissions = { visibility, share, revoke };
  return services.database.forViewer(viewer.id, async (sql) => {
    const outcomes = await applyPermissions(sql, viewer, memoryIds, permissions, input.atomic ?? false);
    await indexPendingWords(sql, services.dataKeys, WORDS_AT_ONCE);
    return outcomes;
  });
}

function refuseBadInput({ memoryIds, visibility, share, revoke }: Modification): void {
  if (memoryIds.length === 0) throw new InvalidInput('memoryIds', 'must name at least one memory');
  if (memoryIds.length > MAX_BATCH)
    throw new InvalidInput('memoryIds', `must be at most ${MAX_BATCH}; send the rest in another batch`);
  const ids = memoryIds.map((id) => id.toLowerCase());
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated)
    throw new InvalidInput('memoryIds', `must name each memory once, and names ${repeated} twice`);
  if (!visibility && !share?.length && !revoke?.length)
    throw new InvalidInput('visibility', 'must be given, or share, or revoke: nothing was asked');
  if (memoryIds.length * (share?.length ?? 0) > MAX_SHARES)
    throw new InvalidInput(
      'share',
      `must come to at most ${MAX_SHARES} shares for all memories; ask in parts`,
    );
  for (const [field, given] of Object.entries({ share, revoke }))
    if (given && given.length > MAX_GRANTEES)
      throw new InvalidInput(field, `must be at most ${MAX_GRANTEES}`);
}
