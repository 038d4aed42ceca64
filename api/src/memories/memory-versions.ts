import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import { NotPermitted } from '../sharing/errors.ts';
import type { MemoryMetadata } from './memory.ts';
import { refusalsOfOthers } from './others-writing.ts';
import { withText } from './reveal.ts';
import { listVersionRows } from './version-rows.ts';

export interface MemoryVersion extends MemoryMetadata {
  version: number;
  text: string;
  writtenAt: Date;
  /** Null where it was the owner. */
  writtenBy: string | null;
  ownerId: string;
}

/**
 * Newest first, the present one included, from before `before`.
 * @throws {NotPermitted} to those whom the memory is shared with: what it was before is its owner's
 */
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
    if (rows.length === 0) {
      const refusal = (await refusalsOfOthers(sql, viewer.id, [memoryId]))(memoryId);
      if (refusal instanceof NotPermitted) throw refusal;
    }
    return rows.map(({ sealed, modifiedAt, ...row }) =>
      withText({ ...row, writtenAt: modifiedAt }, services.reads, keys, { ...row, sealed }, 'HISTORY'),
    );
  });
}
