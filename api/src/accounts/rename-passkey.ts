import { checked } from '../invalid-input.ts';
import type { Services } from '../services.ts';
import { PasskeyNotFound } from './errors.ts';
import { passkeyName, type Passkey } from './passkey.ts';
import { renamePasskey as renameRow } from './passkey-rows.ts';
import type { Viewer } from './viewer.ts';

/** @throws {InvalidInput | PasskeyNotFound} */
export async function renamePasskey(
  { database }: Services,
  viewer: Viewer,
  input: { id: string; name: string },
): Promise<Passkey> {
  const name = checked('name', passkeyName, input.name);
  const renamed = await database.forViewer(viewer.id, (sql) => renameRow(sql, viewer.id, input.id, name));
  if (!renamed) throw new PasskeyNotFound(input.id);
  return renamed;
}
