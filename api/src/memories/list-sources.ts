import type { Viewer } from '../accounts/viewer.ts';
import type { Services } from '../services.ts';
import { listSourceRows } from './source-rows.ts';

/** The ids of what each of these memories was made of, in the order in which that was said. */
export async function listSources(
  services: Services,
  viewer: Viewer,
  memoryIds: readonly string[],
): Promise<string[][]> {
  const rows = await services.database.forViewer(viewer.id, (sql) => listSourceRows(sql, memoryIds));
  const sources = Map.groupBy(rows, ({ memoryId }) => memoryId);
  return memoryIds.map((id) => sources.get(id)?.map(({ sourceId }) => sourceId) ?? []);
}
