import { randomUUID } from 'node:crypto';
import type { Services } from '../services.ts';
import { violatesUnique } from '../storage/errors.ts';
import { checked } from '../invalid-input.ts';
import { displayName, type Account } from './account.ts';
import { hashSecret, newSecret, type ApiKey } from './api-key.ts';
import { HandleTaken } from './errors.ts';
import { insertApiKey } from './api-key-rows.ts';
import { checkedHandle } from './reserved-handle.ts';
import { insertAccount } from './rows.ts';
import { faces, scopes, type Scope } from './viewer.ts';

export interface NewAccount {
  handle: string;
  displayName?: string | null | undefined;
}

/**
 * An account that nobody has claimed yet, with its data key and one API key, whose secret is told this once.
 * @throws {InvalidInput | HandleReserved | HandleTaken}
 */
export async function createAccount(
  services: Pick<Services, 'database' | 'dataKeys'>,
  input: NewAccount,
  administrator = false,
): Promise<{ account: Account; secret: string }> {
  const account: Account = {
    id: randomUUID(),
    handle: checkedHandle(input.handle, { administrator }),
    displayName: checked('displayName', displayName, input.displayName ?? input.handle),
    about: '',
    administrator,
    createdAt: new Date(),
  };
  const secret = newSecret();
  const granted = scopes.filter((scope: Scope) => administrator || scope !== 'memories:admin');
  const key: ApiKey = {
    id: randomUUID(),
    ownerId: account.id,
    name: 'First key',
    scopes: granted,
    faces: [...faces],
    createdAt: account.createdAt,
    expiresAt: null,
    lastUsedAt: null,
  };
  try {
    await services.database.forAccounts(async (sql) => {
      await insertAccount(sql, account, null);
      await services.dataKeys.create(sql, account.id);
      await insertApiKey(sql, key, hashSecret(secret));
    });
  } catch (error) {
    throw violatesUnique(error, 'users_handle') ? new HandleTaken(account.handle) : error;
  }
  return { account, secret };
}
