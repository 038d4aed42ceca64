import DataLoader from 'dataloader';
import { findAccounts, findOwners } from './accounts/find-account.ts';
import type { Viewer } from './accounts/viewer.ts';
import type { Loaders } from './context.ts';
import { findGroups } from './groups/find-group.ts';
import { areEmbedded } from './index/pending-embeddings.ts';
import { findMemories } from './memories/find-memories.ts';
import { listSources } from './memories/list-sources.ts';
import type { Services } from './services.ts';
import { findLevels } from './sharing/list-access.ts';

/** Made for each request, so that nothing is remembered beyond it. */
export function createLoaders(services: Services, viewer: Viewer | null): Loaders {
  return {
    accounts: new DataLoader(async (ids) =>
      viewer ? findAccounts(services, viewer, ids) : ids.map(() => null),
    ),
    owners: new DataLoader(async (ids) => findOwners(services, ids)),
    groups: new DataLoader(async (ids) => (viewer ? findGroups(services, viewer, ids) : ids.map(() => null))),
    memories: new DataLoader(
      async (ids) => (viewer ? findMemories(services, viewer, ids) : ids.map(() => null)),
      { cache: false },
    ),
    sources: new DataLoader(
      async (ids) => (viewer ? listSources(services, viewer, ids) : ids.map(() => [])),
      { cache: false },
    ),
    levels: new DataLoader(
      async (ids) => (viewer ? findLevels(services, viewer, ids) : ids.map(() => 'READ' as const)),
      { cache: false },
    ),
    embedded: new DataLoader(async (ids) =>
      viewer ? areEmbedded(services, viewer, ids) : ids.map(() => false),
    ),
  };
}
