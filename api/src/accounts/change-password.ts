import type { Services } from '../services.ts';
import { endAllSessions } from './end-all-sessions-rows.ts';
import { findPasswordHash, setPassword } from './password-rows.ts';
import { checkedPassword } from './password.ts';
import { requireRecentSignIn } from './recent-sign-in.ts';
import { findAccount } from './rows.ts';
import { WrongPassword } from './sign-in-errors.ts';
import type { Viewer } from './viewer.ts';

export interface PasswordChange {
  currentPassword: string;
  newPassword: string;
}

/**
 * Ends every session and every app's tokens but those of the app that asks; API keys and passkeys stay.
 * @throws {ReauthenticationRequired | InvalidInput | TooManyAttempts | WrongPassword}
 */
export async function changePassword(
  { database, signIn }: Services,
  viewer: Viewer,
  { currentPassword, newPassword }: PasswordChange,
): Promise<void> {
  requireRecentSignIn(viewer);
  const { account, hash } = await database.forAccounts(async (sql) => ({
    account: await findAccount(sql, viewer.id),
    hash: await findPasswordHash(sql, viewer.id),
  }));
  const password = checkedPassword(newPassword, account?.handle ?? '', 'newPassword');
  await signIn.throttle.take('reauthentication', viewer.id);
  if (!(await signIn.passwords.verify(hash, currentPassword))) throw new WrongPassword();
  await signIn.throttle.forget('reauthentication', viewer.id);
  const fresh = await signIn.passwords.hash(password);
  const { credential } = viewer;
  await database.forAccounts(async (sql) => {
    await setPassword(sql, viewer.id, fresh);
    await endAllSessions(sql, viewer.id, credential.kind === 'token' ? credential.grantId : null);
  });
}
