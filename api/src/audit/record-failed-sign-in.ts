import type { Database } from '../storage/database.ts';
import { recordSignIn } from './record-rows.ts';

/** Tells the owner of an account that somebody tried to sign in to it. */
export type TellFailure = (accountId: string, means: 'password' | 'recovery code') => void;

/** At most; each entry comes at a moment of its own. */
const LATER_MS = 1_000;

/**
 * Writes within a second: neither the time that an answer takes nor the work that is done for it may tell whether there is
 * such an account. What cannot be written is lost, as it is with a process that dies.
 * @param mayTell throws for an account of which enough was written lately, so that nobody fills its log
 */
export function createTellFailure(
  database: Pick<Database, 'forAccounts'>,
  mayTell: (accountId: string) => Promise<void>,
): TellFailure {
  return (accountId, means) => {
    const record = (): Promise<void> =>
      mayTell(accountId).then(
        () => database.forAccounts((sql) => recordSignIn(sql, accountId, means, false)),
        () => undefined,
      );
    setTimeout(() => void record().catch(() => undefined), Math.random() * LATER_MS).unref();
  };
}
