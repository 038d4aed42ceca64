import type { Viewer } from '../accounts/viewer.ts';
import type { Services } from '../services.ts';
import { countPending } from './pending-rows.ts';
import { filterEmbedded } from './embedding-rows.ts';

/** How many of the viewer's memories wait for their vectors. */
export async function pendingEmbeddings(services: Services, viewer: Viewer): Promise<number> {
  return services.database.forViewer(viewer.id, (sql) => countPending(sql, viewer.id));
}

/** Of each memory, whether the model that search uses now has its vectors. */
export async function areEmbedded(
  services: Services,
  viewer: Viewer,
  ids: readonly string[],
): Promise<boolean[]> {
  const modelId = services.embeddings.activeModelId;
  if (modelId === null) return ids.map(() => false);
  const embedded = await services.database.forViewer(viewer.id, (sql) => filterEmbedded(sql, modelId, ids));
  return ids.map((id) => embedded.has(id));
}
