import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import { InvalidInput } from '../invalid-input.ts';
import { only } from '../memories/batch.ts';
import { lockSharingAlone } from '../index/audience-rows.ts';
import type { Services } from '../services.ts';
import { applyPermissions } from './apply-permissions.ts';
import { GrantNotFound } from './errors.ts';
import { findGrantee, isNamed, type GivenGrantee } from './find-grantee.ts';
import { deleteGrants, findGrantRow } from './grant-rows.ts';

/** One share by its id, or whatever of a memory is shared directly with somebody. */
export interface Revocation {
  grantId?: string | null | undefined;
  memoryId?: string | null | undefined;
  from?: GivenGrantee | null | undefined;
}

export interface Revoked {
  grantIds: string[];
  /** Null where the share was by rule. */
  memoryId: string | null;
}

/**
 * Owners end every share of their memories; whoever passed something on ends that.
 * @throws {InvalidInput | GrantNotFound | MemoryNotFound | GranteeNotFound | NotPermitted}
 */
export async function revokeShare(
  services: Services,
  viewer: Viewer,
  { grantId, memoryId, from }: Revocation,
): Promise<Revoked> {
  if (typeof grantId === 'string') {
    if (typeof memoryId === 'string' || isNamed(from))
      throw new InvalidInput('grantId', 'must be given alone, or memoryId and from instead');
    return revokeGrant(services, viewer, grantId);
  }
  if (typeof memoryId !== 'string' || !isNamed(from))
    throw new InvalidInput('grantId', 'must be given, or memoryId and from together');
  const grantee = await findGrantee(services, from, 'from');
  const { revokedIds, memoryId: id } = await services.database.forViewer(viewer.id, async (sql) =>
    only(
      await applyPermissions(
        sql,
        viewer,
        [memoryId],
        { visibility: null, share: [], revoke: [grantee] },
        false,
      ),
    ),
  );
  if (revokedIds.length === 0) throw new GrantNotFound();
  return { grantIds: revokedIds, memoryId: id };
}

async function revokeGrant({ database }: Services, viewer: Viewer, grantId: string): Promise<Revoked> {
  if (!isId(grantId)) throw new GrantNotFound();
  return database.forViewer(viewer.id, async (sql) => {
    const seen = await findGrantRow(sql, viewer.id, grantId);
    if (!seen) throw new GrantNotFound();
    await lockSharingAlone(sql, [seen.ownerId]);
    // Another may have revoked it while this one waited.
    const grant = await findGrantRow(sql, viewer.id, grantId);
    if (!grant) throw new GrantNotFound();
    await deleteGrants(sql, [grant.id]);
    return { grantIds: [grant.id], memoryId: grant.memoryId };
  });
}
