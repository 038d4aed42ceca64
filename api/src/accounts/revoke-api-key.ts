import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import { refuseRevoking } from './api-key-power.ts';
import { deleteApiKey, findApiKey } from './api-key-rows.ts';
import { ApiKeyNotFound } from './errors.ts';
import type { Viewer } from './viewer.ts';

/**
 * Refused everywhere within a second: that long may another instance remember that the key was good.
 * @throws {ApiKeyNotFound | ReauthenticationRequired}
 */
export async function revokeApiKey({ database }: Services, viewer: Viewer, id: string): Promise<void> {
  if (!isId(id)) throw new ApiKeyNotFound(id);
  await database.forViewer(viewer.id, async (sql) => {
    const key = await findApiKey(sql, viewer.id, id);
    if (!key) throw new ApiKeyNotFound(id);
    refuseRevoking(viewer, key);
    if (!(await deleteApiKey(sql, viewer.id, id))) throw new ApiKeyNotFound(id);
  });
}
