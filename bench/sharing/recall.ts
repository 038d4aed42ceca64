import { join } from 'node:path';
import { createAccount } from '../../api/src/accounts/create-account.ts';
import { withImplied, type Viewer } from '../../api/src/accounts/viewer.ts';
import { readConfig } from '../../api/src/config.ts';
import type { QueryVector } from '../../api/src/index/embeddings.ts';
import { submitMemories } from '../../api/src/memories/submit-memories.ts';
import { openServices, type OpenServices } from '../../api/src/open-services.ts';
import { searchMemories } from '../../api/src/search/search-memories.ts';
import { shareByRule } from '../../api/src/sharing/share-by-rule.ts';
import { toSqlVector } from '../../api/src/storage/vector.ts';
import { listSets, readSet } from '../retrieval/set.ts';
import { randomNumbers } from '../speed/random.ts';
import type { Measurements } from '../speed/result.ts';

const owners = 50;
const queries = 200;
const nearest = 10;
const batch = 500;
/** How much of everything each reader may see. */
const parts = [0.01, 0.1, 0.5];

/**
 * Of the memories that are nearest to a query among those that a reader may see, told by comparing all of them number by
 * number: how many a search by meaning alone finds among its first ten. The texts are those of the sets in a folder, told
 * apart among many owners, embedded by the local model.
 */
export async function measureRecall(
  data: string,
  databaseUrl: string,
  folder: string,
  into: Measurements,
): Promise<void> {
  const services = await openServices(
    readConfig({ PICARD_DATA: join(data, 'recall'), PICARD_LOG_LEVEL: 'error', DATABASE_URL: databaseUrl }),
  );
  try {
    const random = randomNumbers(11);
    const sets = await Promise.all((await listSets(folder)).map((name) => readSet(folder, name)));
    const texts = sets
      .flatMap(({ documents }) => documents.map(({ text }) => text))
      .filter((text) => text.trim());
    const readers = await Promise.all(
      parts.map(async (part) => ({ part, viewer: await person(services, `sees-${part * 100}`) })),
    );
    for (let owner = 0; owner < owners; owner += 1) {
      const viewer = await person(services, `owns-${owner}`);
      const mine = texts.filter((_text, index) => index % owners === owner);
      await submit(services, viewer, mine, () => parts.filter((part) => random() < part).map(tagOf));
      for (const { part, viewer: reader } of readers) {
        await shareByRule(services, viewer, {
          rule: { tags: [tagOf(part)] },
          with: { userId: reader.id },
          level: 'READ',
        });
      }
    }
    await services.embeddings.start();
    await untilEmbedded(services);
    const asked = sets.flatMap((set) => set.queries.map(({ text }) => text)).sort(() => random() - 0.5);
    for (const { part, viewer } of readers) {
      let found = 0;
      let wanted = 0;
      for (const query of asked.slice(0, queries)) {
        const vector = await services.embeddings.queryVector(query);
        if (!vector) throw new Error('The model does not answer.');
        const exact = await nearestOf(services, viewer, vector);
        const search = await searchMemories(services, viewer, {
          query,
          mode: 'VECTORS',
          filter: {},
          language: 'en',
          threadContext: false,
          after: null,
          first: nearest,
        });
        wanted += exact.size;
        found += search.hits.filter(({ memory }) => exact.has(memory.id)).length;
      }
      into.add(
        `recall@${nearest} of exact, ${part * 100} % of ${texts.length.toLocaleString('en')} memories visible`,
        (found / wanted).toFixed(4),
      );
    }
  } finally {
    await services.close();
  }
}

const tagOf = (part: number): string => `part-${part * 100}`;

async function person(services: OpenServices, handle: string): Promise<Viewer> {
  const { account } = await createAccount(services, { handle });
  return {
    id: account.id,
    administrator: false,
    scopes: withImplied(['memories:write', 'account:manage']),
    faces: new Set(['graphql']),
    expiresAt: null,
    credential: { kind: 'key', id: account.id },
    authenticatedAt: null,
  };
}

async function submit(
  services: OpenServices,
  viewer: Viewer,
  texts: readonly string[],
  tags: () => string[],
): Promise<void> {
  for (let done = 0; done < texts.length; done += batch) {
    const items = texts.slice(done, done + batch).map((text) => ({ text, tags: tags() }));
    await submitMemories(services, viewer, { items, atomic: true });
  }
}

async function untilEmbedded({ database }: OpenServices): Promise<void> {
  for (;;) {
    const [row] = await database.forJobs(
      (sql) => sql<{ left: number }[]>`select count(*)::integer as left from pending_embeddings`,
    );
    if (row?.left === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

async function nearestOf(
  { database }: OpenServices,
  viewer: Viewer,
  { modelId, vector }: QueryVector,
): Promise<Set<string>> {
  const rows = await database.forJobs(
    (sql) => sql<{ id: string }[]>`
      select e.memory_id as id from memory_embeddings e
      where e.model_id = ${modelId} and exists (
        select from memory_audiences a
        where a.owner_id = e.owner_id and a.memory_id = e.memory_id and a.audience_id = ${viewer.id})
      group by e.memory_id order by min(e.embedding <=> ${toSqlVector(vector)}::halfvec) limit ${nearest}`,
  );
  return new Set(rows.map(({ id }) => id));
}
