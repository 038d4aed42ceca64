import type { Services } from '../services.ts';
import { makeSigningKey } from './rotate-signing-key.ts';
import { deleteSigningKeys, lockSigningKeys } from './signing-key-rows.ts';

/**
 * Drops every signing key, after somebody else may have read one, and makes one that signs at once. Within two seconds
 * all instances refuse what the dropped ones signed, by whomever. Refresh tokens stay good, so apps fetch new access
 * tokens by themselves. Servers of others that keep our published keys have to read them again.
 */
export async function revokeSigningKeys(
  services: Pick<Services, 'database' | 'dataKeys'>,
): Promise<{ dropped: number }> {
  const { signingKeys } = await services.dataKeys.ofServer(services.database);
  return services.database.forAccounts(async (sql) => {
    await lockSigningKeys(sql);
    const dropped = await deleteSigningKeys(sql);
    await makeSigningKey(sql, signingKeys, 0);
    return { dropped };
  });
}
