import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import { lockSharingAlone } from '../index/audience-rows.ts';
import { outcomeOf, refuseFailures } from '../memories/batch.ts';
import type { Sql } from '../storage/database.ts';
import { succeeded, type Outcome } from '../user-error.ts';
import { GranteeNotFound } from './errors.ts';
import type { Grantee } from './find-grantee.ts';
import type { Grant } from './grant.ts';
import { deleteGrants, findDirectGrants, lockGrantee, lockGrantor, putGrants } from './grant-rows.ts';
import { listStandings } from './level-rows.ts';
import { plan, refuseTooMany, type Permissions, type Plan } from './plan-permissions.ts';
import { setVisibility } from './set-visibility.ts';

export interface Applied {
  memoryId: string;
  /** Those that were asked for, as they are now. */
  grants: Grant[];
  revokedIds: string[];
}

/**
 * Locks come in one order for all who share: whom it is shared with, who shares it, the grants of the owners, the memories.
 * @throws {GranteeNotFound | BatchRefused}
 */
export async function applyPermissions(
  sql: Sql,
  viewer: Viewer,
  memoryIds: readonly string[],
  permissions: Permissions,
  atomic: boolean,
): Promise<Outcome<Applied>[]> {
  const { visibility, share, revoke } = permissions;
  await lockGrantees(
    sql,
    share.map((each) => each.with),
  );
  await lockGrantor(sql);
  const ids = memoryIds.filter(isId);
  // Asked twice: whose grants to lock, and what holds once nobody else can change it.
  const owners = (await listStandings(sql, viewer.id, ids)).map(({ ownerId }) => ownerId);
  await lockSharingAlone(sql, owners);
  const settle = visibility === null ? null : await setVisibility(sql, viewer.id, ids, visibility);
  const standings = await listStandings(sql, viewer.id, ids);
  const found = new Map(standings.map((standing) => [standing.memoryId, standing]));
  const plans = memoryIds.map((id) =>
    outcomeOf(() => plan(viewer, found.get(id.toLowerCase()), id, permissions)),
  );
  const outcomes = await refuseTooMany(sql, viewer, plans);
  refuseFailures({ items: memoryIds, atomic }, outcomes);

  const good = outcomes.filter(succeeded);
  await settle?.(good.map(({ memoryId }) => memoryId));
  const revoked = await revokeFrom(sql, viewer, good, revoke);
  const grants = good.flatMap((each) => each.grants);
  if (grants.length > 0) await putGrants(sql, grants);
  const made = await grantsOn(
    sql,
    good,
    share.map((each) => each.with),
    viewer.id,
  );
  return outcomes.map((outcome) =>
    succeeded(outcome)
      ? {
          memoryId: outcome.memoryId,
          grants: made.get(outcome.memoryId) ?? [],
          revokedIds: revoked.get(outcome.memoryId) ?? [],
        }
      : outcome,
  );
}

/** @throws {GranteeNotFound} */
export async function lockGrantees(sql: Sql, grantees: readonly Grantee[]): Promise<void> {
  for (const { id, kind, name } of grantees.toSorted((one, other) => (one.id < other.id ? -1 : 1)))
    if ((await lockGrantee(sql, id)) !== kind) throw new GranteeNotFound(name);
}

/** The owner ends everybody's shares with these audiences, whoever passes on their own. */
async function revokeFrom(
  sql: Sql,
  viewer: Viewer,
  plans: readonly Plan[],
  grantees: readonly Grantee[],
): Promise<Map<string, string[]>> {
  const revoked = new Map<string, string[]>();
  if (grantees.length === 0) return revoked;
  const grants = await findDirectGrants(
    sql,
    plans.map(({ memoryId }) => memoryId),
    grantees.map(({ id }) => id),
    null,
  );
  const mine = grants.filter(({ ownerId, grantedBy }) => ownerId === viewer.id || grantedBy === viewer.id);
  if (mine.length > 0)
    await deleteGrants(
      sql,
      mine.map(({ id }) => id),
    );
  for (const { memoryId, id } of mine)
    if (memoryId !== null) revoked.set(memoryId, [...(revoked.get(memoryId) ?? []), id]);
  return revoked;
}

async function grantsOn(
  sql: Sql,
  plans: readonly Plan[],
  grantees: readonly Grantee[],
  grantedBy: string,
): Promise<Map<string, Grant[]>> {
  const made = new Map<string, Grant[]>();
  if (grantees.length === 0) return made;
  const grants = await findDirectGrants(
    sql,
    plans.map(({ memoryId }) => memoryId),
    grantees.map(({ id }) => id),
    grantedBy,
  );
  for (const grant of grants)
    if (grant.memoryId !== null) made.set(grant.memoryId, [...(made.get(grant.memoryId) ?? []), grant]);
  return made;
}
