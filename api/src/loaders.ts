import DataLoader from 'dataloader';
import { findAccounts } from './accounts/find-account.ts';
import type { Viewer } from './accounts/viewer.ts';
import type { Loaders } from './context.ts';
import { areEmbedded } from './index/pending-embeddings.ts';
import type { Services } from './services.ts';

/** Made for each request, so that nothing is remembered beyond it. */
export function createLoaders(services: Services, viewer: Viewer | null): Loaders {
  return {
    accounts: new DataLoader(async (ids) =>
      viewer ? findAccounts(services, viewer, ids) : ids.map(() => null),
    ),
    embedded: new DataLoader(async (ids) =>
      viewer ? areEmbedded(services, viewer, ids) : ids.map(() => false),
    ),
  };
}
