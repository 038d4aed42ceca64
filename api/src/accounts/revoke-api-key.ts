import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import { ApiKeyNotFound } from './errors.ts';
import { deleteApiKey } from './rows.ts';
import type { Viewer } from './viewer.ts';

/** Refused everywhere within a second: that long may another instance remember that the key was good. */
export async function revokeApiKey(services: Services, viewer: Viewer, id: string): Promise<void> {
  if (!isId(id)) throw new ApiKeyNotFound(id);
  const deleted = await services.database.forViewer(viewer.id, (sql) => deleteApiKey(sql, viewer.id, id));
  if (!deleted) throw new ApiKeyNotFound(id);
}
