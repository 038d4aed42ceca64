import { randomUUID } from 'node:crypto';
import { checked } from '../invalid-input.ts';
import type { Services } from '../services.ts';
import { violatesUnique } from '../storage/errors.ts';
import { displayName, type Account } from './account.ts';
import { addressBlock } from './address-block.ts';
import { HandleTaken } from './errors.ts';
import { setPassword } from './password-rows.ts';
import { checkedPassword } from './password.ts';
import { newRecoveryCodes } from './recovery-code.ts';
import { setRecoveryCodes } from './recovery-code-rows.ts';
import { checkedHandle } from './reserved-handle.ts';
import { insertAccount } from './rows.ts';
import { RegistrationClosed } from './sign-in-errors.ts';
import type { From } from './sign-in-limits.ts';

export interface Registration {
  handle: string;
  displayName?: string | null | undefined;
  password: string;
}

/**
 * An account that somebody makes for themselves. The recovery codes are told this once.
 * @throws {RegistrationClosed | InvalidInput | HandleReserved | TooManyAttempts | HandleTaken}
 */
export async function registerAccount(
  services: Services,
  input: Registration,
  from: From,
): Promise<{ account: Account; recoveryCodes: string[] }> {
  const { database, dataKeys, signIn } = services;
  if (signIn.registration === 'closed') throw new RegistrationClosed();
  const account: Account = {
    id: randomUUID(),
    handle: checkedHandle(input.handle, { administrator: false }),
    displayName: checked('displayName', displayName, input.displayName ?? input.handle),
    about: '',
    administrator: false,
    createdAt: new Date(),
  };
  const password = checkedPassword(input.password, account.handle);
  await signIn.throttle.take('register', addressBlock(from.address));
  const hash = await signIn.passwords.hash(password);
  const recoveryCodes = newRecoveryCodes();
  try {
    await database.forAccounts(async (sql) => {
      await insertAccount(sql, account, account.createdAt);
      await dataKeys.create(sql, account.id);
      await setPassword(sql, account.id, hash);
      await setRecoveryCodes(sql, account.id, recoveryCodes);
    });
  } catch (error) {
    throw violatesUnique(error, 'users_handle') ? new HandleTaken(account.handle) : error;
  }
  return { account, recoveryCodes };
}
