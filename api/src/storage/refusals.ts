import { AccountSuspended, NotAdministrator, QuotaExceeded } from '../refusals.ts';
import { postgresCode } from './errors.ts';

/** The named error for a refusal of the database's own; any other error as it is. */
export function asRefusal(error: unknown): unknown {
  switch (postgresCode(error)) {
    case 'PA001':
      return new NotAdministrator();
    case 'PA002':
      return new AccountSuspended();
    case 'PA003':
      return new QuotaExceeded(Reflect.get(Object(error), 'detail') === 'bytes' ? 'STORAGE' : 'MEMORIES');
    default:
      return error;
  }
}
