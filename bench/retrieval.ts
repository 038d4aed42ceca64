import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBenchDatabase } from './bench-database.ts';
import { type Endpoint } from './graphql.ts';
import { options, type Options } from './retrieval/options.ts';
import type { Row } from './retrieval/evaluate.ts';
import { runSet } from './retrieval/run.ts';
import { readSet } from './retrieval/set.ts';
import { withServer } from './server.ts';

const chosen = await options(process.argv.slice(2));
const rows: Row[] = [];
const complaints: string[] = [];
for (const name of chosen.sets) {
  const set = await readSet(chosen.data, name);
  await onServer(chosen, async (server) => {
    const outcome = await runSet(server, set, chosen);
    rows.push(...outcome.rows);
    complaints.push(...outcome.complaints);
  });
}
if (chosen.json !== undefined) await writeFile(chosen.json, `${JSON.stringify(rows, null, 2)}\n`);
for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length === 0 ? 0 : 1;

/** A server of one's own for each set, unless one is named: what one set leaves behind cannot touch the next. */
async function onServer(settings: Options, work: (server: Endpoint) => Promise<void>): Promise<void> {
  if (settings.endpoint) return work(settings.endpoint);
  const data = await mkdtemp(join(tmpdir(), 'picard-bench-'));
  const database =
    settings.databaseUrl === undefined ? undefined : await createBenchDatabase(settings.databaseUrl);
  try {
    await withServer({ data, databaseUrl: database?.url }, work);
  } finally {
    await database?.drop();
    await rm(data, { recursive: true, force: true });
  }
}
