import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import { unsealText } from '../storage/sealed-text.ts';
import type { MemoryMetadata } from './memory.ts';
import { listVersionRows } from './version-rows.ts';

export interface MemoryVersion extends MemoryMetadata {
  version: number;
  text: string;
  writtenAt: Date;
}

/** Newest first, the present one included, from before `before`. */
export async function memoryVersions(
  services: Services,
  viewer: Viewer,
  memoryId: string,
  before: number | null,
  limit: number,
): Promise<MemoryVersion[]> {
  if (!isId(memoryId)) return [];
  return services.database.forViewer(viewer.id, async (sql) => {
    const keys = await services.dataKeys.of(sql, viewer.id);
    const rows = await listVersionRows(sql, viewer.id, memoryId, before, limit);
    return rows.map(({ sealed, modifiedAt, ...row }) => ({
      ...row,
      text: unsealText(keys.text, row, sealed),
      writtenAt: modifiedAt,
    }));
  });
}
