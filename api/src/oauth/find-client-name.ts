import type { Services } from '../services.ts';
import { ModelAdapter } from './model-adapter.ts';

/** As the app registered itself; null for one that did not, such as one that a document at its address describes. */
export async function findClientName(
  { database, dataKeys }: Pick<Services, 'database' | 'dataKeys'>,
  clientId: string,
): Promise<string | null> {
  const { oauthModels } = await dataKeys.ofServer(database);
  const clients = new ModelAdapter(database, oauthModels, 'Client', { guessed: (look) => look() });
  const metadata = await clients.find(clientId);
  return metadata?.client_name ?? null;
}
