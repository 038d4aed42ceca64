import { z } from 'zod';
import type { Viewer } from '../accounts/viewer.ts';
import { checked } from '../invalid-input.ts';
import type { Services } from '../services.ts';
import type { Sql } from '../storage/database.ts';
import { asAdministrator } from './as-administrator.ts';
import { changeUser } from './change-user.ts';
import type { ManagedUser } from './managed-user.ts';
import { findQuota, lockQuotas, putQuota, type Quota } from './quota-rows.ts';

export type { Quota } from './quota-rows.ts';

/** What is left out stays as it is; null takes a number away. */
export interface QuotaChange {
  maxMemories?: number | null | undefined;
  maxMegabytes?: number | null | undefined;
}

const limit = z.int().min(0, 'must be 0 or more').nullable();

/**
 * For every account that has no number of its own. An account that holds more keeps what it has, and adds nothing.
 * @throws {NotAdministrator | InvalidInput}
 */
export async function setServerQuota(
  services: Services,
  viewer: Viewer,
  change: QuotaChange,
): Promise<Quota> {
  return asAdministrator(services, viewer, (sql) => put(sql, null, change));
}

/** @throws {NotAdministrator | UserNotFound | InvalidInput} */
export async function setUserQuota(
  services: Services,
  viewer: Viewer,
  { userId, ...change }: QuotaChange & { userId: string },
): Promise<ManagedUser> {
  return changeUser(services, viewer, userId, async (sql, { id }) => {
    await put(sql, id, change);
  });
}

/** @throws {NotAdministrator} */
export async function readServerQuota(services: Services, viewer: Viewer): Promise<Quota> {
  return asAdministrator(services, viewer, (sql) => findQuota(sql, null));
}

async function put(sql: Sql, ownerId: string | null, change: QuotaChange): Promise<Quota> {
  await lockQuotas(sql);
  const before = await findQuota(sql, ownerId);
  const { maxMemories = before.maxMemories, maxMegabytes = before.maxMegabytes } = change;
  const quota = {
    maxMemories: checked('maxMemories', limit, maxMemories),
    maxMegabytes: checked('maxStorageMegabytes', limit, maxMegabytes),
  };
  await putQuota(sql, ownerId, quota);
  return quota;
}
