import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import { hashSecret, newSecret, type ApiKey } from './api-key.ts';
import { refuseRotating } from './api-key-power.ts';
import { findApiKey, updateApiKeySecret } from './api-key-rows.ts';
import { ApiKeyNotFound } from './errors.ts';
import type { Viewer } from './viewer.ts';

/**
 * Gives a key a new secret, told this once, and leaves the rest of it as it is. The former secret is refused everywhere
 * within a second.
 * @throws {ApiKeyNotFound | ReauthenticationRequired | InvalidInput}
 */
export async function rotateApiKey(
  { database }: Services,
  viewer: Viewer,
  id: string,
): Promise<{ apiKey: ApiKey; secret: string }> {
  if (!isId(id)) throw new ApiKeyNotFound(id);
  const secret = newSecret();
  const apiKey = await database.forViewer(viewer.id, async (sql) => {
    const found = await findApiKey(sql, viewer.id, id);
    if (!found) throw new ApiKeyNotFound(id);
    refuseRotating(viewer, found);
    await updateApiKeySecret(sql, viewer.id, id, hashSecret(secret));
    return found;
  });
  return { apiKey, secret };
}
