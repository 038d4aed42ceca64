import type { Viewer } from '../accounts/viewer.ts';
import { NotAdministrator } from '../refusals.ts';
import type { Services } from '../services.ts';
import type { Sql } from '../storage/database.ts';

/**
 * Runs what an administrator asks for, in a transaction that sees no text. The database looks whether they are one now.
 * @throws {NotAdministrator}
 */
export async function asAdministrator<Value>(
  { database }: Pick<Services, 'database'>,
  viewer: Viewer,
  work: (sql: Sql) => Promise<Value>,
): Promise<Value> {
  // Whoever runs another server that is trusted here does not look after this one, though the account may.
  if (!viewer.administrator) throw new NotAdministrator();
  return database.forAdministrator(viewer.id, work);
}
