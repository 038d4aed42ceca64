import type { Services } from '../services.ts';
import { newRecoveryCodes } from './recovery-code.ts';
import { setRecoveryCodes } from './recovery-code-rows.ts';
import { requireRecentSignIn } from './recent-sign-in.ts';
import type { Viewer } from './viewer.ts';

/** They are told this once; the former ones are of no use any more. @throws {ReauthenticationRequired} */
export async function renewRecoveryCodes({ database }: Services, viewer: Viewer): Promise<string[]> {
  requireRecentSignIn(viewer);
  const codes = newRecoveryCodes();
  await database.forViewer(viewer.id, (sql) => setRecoveryCodes(sql, viewer.id, codes));
  return codes;
}
