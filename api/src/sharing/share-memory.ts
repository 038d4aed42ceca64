import type { Viewer } from '../accounts/viewer.ts';
import { indexPendingWords } from '../index/index-for-audiences.ts';
import { only } from '../memories/batch.ts';
import type { Services } from '../services.ts';
import { applyPermissions } from './apply-permissions.ts';
import { findOthers, type GivenGrantee } from './find-grantee.ts';
import { checkedEnd, WORDS_AT_ONCE, type Grant, type GrantLevel } from './grant.ts';
import type { Share } from './plan-permissions.ts';

export interface GivenShare {
  with: GivenGrantee;
  level?: GrantLevel | null | undefined;
  expiresAt?: Date | null | undefined;
}

/**
 * Sharing again with the same person or group changes the share that the viewer made: its level and its end.
 * @throws {InvalidInput | MemoryNotFound | GranteeNotFound | NotPermitted | TooManyGrants}
 */
export async function shareMemory(
  services: Services,
  viewer: Viewer,
  { memoryId, ...given }: GivenShare & { memoryId: string },
): Promise<Grant> {
  const share = await checkedShares(services, viewer, [given], () => 'with');
  const permissions = { visibility: null, share, revoke: [] };
  const { grants } = await services.database.forViewer(viewer.id, async (sql) => {
    const applied = only(await applyPermissions(sql, viewer, [memoryId], permissions, false));
    await indexPendingWords(sql, services.dataKeys, WORDS_AT_ONCE);
    return applied;
  });
  const [grant] = grants;
  if (!grant) throw new Error('The share that was just made is gone');
  return grant;
}

/** @throws {InvalidInput | GranteeNotFound} */
export async function checkedShares(
  services: Services,
  viewer: Viewer,
  given: readonly GivenShare[],
  field: (index: number) => string,
): Promise<Share[]> {
  const ends = given.map(({ expiresAt }) => checkedEnd(expiresAt));
  const grantees = await findOthers(
    services,
    viewer,
    given.map((each) => each.with),
    field,
  );
  return grantees.map((grantee, index) => ({
    with: grantee,
    level: given[index]?.level ?? 'READ',
    expiresAt: ends[index] ?? null,
  }));
}
