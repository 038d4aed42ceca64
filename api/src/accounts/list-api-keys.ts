import type { Services } from '../services.ts';
import type { ApiKey } from './api-key.ts';
import { listApiKeys as listRows } from './api-key-rows.ts';
import type { Viewer } from './viewer.ts';

/** The viewer's own keys, newest first. */
export async function listApiKeys(
  services: Services,
  viewer: Viewer,
  after: { createdAt: Date; id: string } | null,
  limit: number,
): Promise<ApiKey[]> {
  return services.database.forViewer(viewer.id, (sql) => listRows(sql, viewer.id, after, limit));
}
