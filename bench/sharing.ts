import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBenchDatabase } from './bench-database.ts';
import { withServer } from './server.ts';
import { measureRecall } from './sharing/recall.ts';
import { measureLists } from './sharing/lists.ts';
import { options } from './sharing/options.ts';
import { seedSharing } from './sharing/seed.ts';
import { machine } from './speed/machine.ts';
import { Measurements, resultTable } from './speed/result.ts';
import { measureSearches } from './speed/searches.ts';

const chosen = options(process.argv.slice(2));
const measuredOn = machine();
console.log(measuredOn);

const database = await createBenchDatabase(chosen.databaseUrl);
const data = await mkdtemp(join(tmpdir(), 'picard-bench-'));
const measured = new Measurements('Postgres');
try {
  // The model becomes the active one when a server starts, and vectors are invented for the active one.
  await withServer({ data, databaseUrl: database.url }, async () => undefined);
  const reader = await seedSharing(data, database.url, chosen, (done) => {
    if (done % 100 === 0) console.log(`${done} of ${chosen.owners} owners`);
  });
  const where = `${(chosen.owners * chosen.memoriesEach).toLocaleString('en')} memories of ${chosen.owners.toLocaleString('en')} owners`;
  await withServer({ data, databaseUrl: database.url }, async ({ url }) => {
    const account = { url, key: reader.key };
    await measureSearches([account], where, chosen.searches, measured);
    await measureLists(account, where, chosen.searches, measured);
  });
  if (chosen.data !== undefined) {
    const texts = await createBenchDatabase(chosen.databaseUrl);
    await measureRecall(data, texts.url, chosen.data, measured).finally(() => texts.drop());
  }
} finally {
  await rm(data, { recursive: true, force: true });
  await database.drop();
}
console.log(`\n${measuredOn}\n\n${resultTable(measured.all)}`);
