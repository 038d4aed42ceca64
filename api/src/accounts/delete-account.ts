import { InvalidInput } from '../invalid-input.ts';
import type { Services } from '../services.ts';
import { typedHandle } from './account.ts';
import { deleteAccount as deleteRow, lockForDeletion } from './deletion-rows.ts';
import { endAllSessions } from './end-all-sessions-rows.ts';
import { LastAdministrator } from './errors.ts';
import { requireRecentSignIn } from './recent-sign-in.ts';
import { findAccount } from './rows.ts';
import { DELETED_CHANNEL } from './sign-in.ts';
import type { Viewer } from './viewer.ts';

/**
 * Destroys the account's data key and removes everything of it, in one transaction. Nothing brings it back.
 * @param handle typed once more, to be sure.
 * @throws {ReauthenticationRequired | InvalidInput | LastAdministrator}
 */
export async function deleteAccount(
  { database, dataKeys }: Services,
  viewer: Viewer,
  handle: string,
): Promise<void> {
  requireRecentSignIn(viewer);
  await database.forAccounts(async (sql) => {
    const administrators = await lockForDeletion(sql, viewer.id);
    const account = await findAccount(sql, viewer.id);
    if (!account || account.handle !== typedHandle(handle))
      throw new InvalidInput('handle', 'must be your own, to show that you mean this account');
    if (account.administrator && administrators.length === 1) throw new LastAdministrator();
    await endAllSessions(sql, account.id, null);
    await deleteRow(sql, account.id, DELETED_CHANNEL);
  });
  dataKeys.forget(viewer.id);
}
