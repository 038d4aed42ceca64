import type { Provider } from 'oidc-provider';
import type { Database } from '../storage/database.ts';
import { isDisabled } from './disabled-client-rows.ts';
import { reading } from './request-transaction.ts';

/** To the library a client that an administrator has disabled is one that is not known, however it came to be known. */
export function refuseDisabledClients({ Client }: Provider, database: Database): void {
  const find = Client.find.bind(Client);
  Client.find = async (id) =>
    (await reading(database, (sql) => isDisabled(sql, id))) ? undefined : find(id);
}
