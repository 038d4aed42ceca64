import { randomUUID } from 'node:crypto';
import type { Viewer } from '../accounts/viewer.ts';
import { MemoryNotFound } from '../memories/errors.ts';
import type { Visibility } from '../memories/memory.ts';
import type { Sql } from '../storage/database.ts';
import { succeeded, type Outcome } from '../user-error.ts';
import { NotPermitted, TooManyGrants } from './errors.ts';
import type { Grantee } from './find-grantee.ts';
import { MAX_GRANTS_OF_MEMORY, type GrantLevel } from './grant.ts';
import { countGrants, findDirectGrants, type NewGrant } from './grant-rows.ts';
import type { Standing } from './level-rows.ts';

export interface Share {
  with: Grantee;
  level: GrantLevel;
  expiresAt: Date | null;
}

/** What is to hold for each of some memories. */
export interface Permissions {
  visibility: Visibility | null;
  share: readonly Share[];
  revoke: readonly Grantee[];
}

/** What the viewer is going to share of one memory. */
export interface Plan extends Standing {
  grants: NewGrant[];
}

/** @throws {MemoryNotFound | NotPermitted} */
export function plan(
  viewer: Viewer,
  standing: Standing | undefined,
  id: string,
  { visibility, share }: Permissions,
): Plan {
  if (!standing) throw new MemoryNotFound(id);
  const { memoryId, ownerId, level, shareUntil } = standing;
  if (level === 'OWNER')
    return { ...standing, grants: share.map((each) => toGrant(viewer, standing, each, each.expiresAt)) };
  if (level !== 'SHARE') throw new NotPermitted(memoryId, 'not decide who else does');
  if (visibility !== null) throw new NotPermitted(memoryId, 'its visibility is its owner’s to set');
  return {
    ...standing,
    grants: share.map((each) => {
      if (each.level === 'SHARE') throw new NotPermitted(memoryId, 'pass it on with READ or WRITE alone');
      if (each.with.id === ownerId) throw new NotPermitted(memoryId, 'it is the owner’s already');
      if (each.expiresAt && shareUntil && each.expiresAt > shareUntil)
        throw new NotPermitted(
          memoryId,
          `only until ${shareUntil.toISOString()}, so nobody can see it longer by you`,
        );
      return toGrant(viewer, standing, each, each.expiresAt ?? shareUntil);
    }),
  };
}

const toGrant = (
  viewer: Viewer,
  { memoryId, ownerId }: Standing,
  share: Share,
  expiresAt: Date | null,
): NewGrant => ({
  id: randomUUID(),
  ownerId,
  memoryId,
  audienceId: share.with.id,
  level: share.level,
  expiresAt,
  grantedBy: viewer.id,
});

/** Those that would be shared too often are refused instead. */
export async function refuseTooMany(
  sql: Sql,
  viewer: Viewer,
  plans: readonly Outcome<Plan>[],
): Promise<Outcome<Plan>[]> {
  const sharing = plans.filter(succeeded).filter(({ grants }) => grants.length > 0);
  if (sharing.length === 0) return [...plans];
  const ids = sharing.map(({ memoryId }) => memoryId);
  const audiences = [...new Set(sharing.flatMap(({ grants }) => grants.map(({ audienceId }) => audienceId)))];
  const there = await findDirectGrants(sql, ids, audiences, viewer.id);
  const counts = await countGrants(sql, ids);
  return plans.map((outcome) => {
    if (!succeeded(outcome) || outcome.grants.length === 0) return outcome;
    const again = there.filter(({ memoryId }) => memoryId === outcome.memoryId).length;
    const after = (counts.get(outcome.memoryId) ?? 0) + outcome.grants.length - again;
    return after > MAX_GRANTS_OF_MEMORY && again < outcome.grants.length
      ? new TooManyGrants(
          MAX_GRANTS_OF_MEMORY,
          'shares of one memory. Revoke some first, or share with a group.',
        )
      : outcome;
  });
}
