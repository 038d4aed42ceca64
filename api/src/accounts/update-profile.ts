import { checked } from '../invalid-input.ts';
import type { Services } from '../services.ts';
import { violatesUnique } from '../storage/errors.ts';
import { about, displayName, type Account } from './account.ts';
import { HandleTaken } from './errors.ts';
import { checkedHandle } from './reserved-handle.ts';
import { findAccount, updateProfile as updateRow } from './rows.ts';
import type { Viewer } from './viewer.ts';

export interface ProfileChange {
  handle?: string | null | undefined;
  displayName?: string | null | undefined;
  about?: string | null | undefined;
}

/** What is not given stays as it is. @throws {InvalidInput | HandleReserved | HandleTaken} */
export async function updateProfile(
  { database }: Services,
  viewer: Viewer,
  input: ProfileChange,
): Promise<Account> {
  const given = {
    displayName: checked('displayName', displayName.nullish(), input.displayName),
    about: checked('about', about.nullish(), input.about),
  };
  try {
    return await database.forViewer(viewer.id, async (sql) => {
      const account = await findAccount(sql, viewer.id);
      if (!account) throw new Error('The account of a living credential is gone');
      const changed: Account = {
        ...account,
        handle: checkedHandle(input.handle ?? account.handle, account),
        displayName: given.displayName ?? account.displayName,
        about: given.about ?? account.about,
      };
      await updateRow(sql, changed);
      return changed;
    });
  } catch (error) {
    throw violatesUnique(error, 'users_handle') ? new HandleTaken(input.handle ?? '') : error;
  }
}
