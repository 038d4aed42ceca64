import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newAccount } from '../account.ts';
import { type RunningServer, withServer } from '../server.ts';
import { measureAdapter } from './adapter.ts';
import { residentMemory } from './machine.ts';
import type { Options } from './options.ts';
import type { Measurements } from './result.ts';
import { measureSearches } from './searches.ts';
import { Seeder } from './seed.ts';
import { measureWrites } from './writes.ts';

/** Measures everything on one database: the embedded one, or the empty one behind the URL. */
export async function runSpeed(
  databaseUrl: string | undefined,
  options: Options,
  into: Measurements,
): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'picard-bench-'));
  const serve = (work: Work): Promise<void> => withServer({ data, databaseUrl }, work);
  try {
    await serve(async (server) => {
      into.add('start, new data folder, ms', server.startedIn.toFixed(0));
    });
    await serve(async (server) => {
      into.add('start, again, ms', server.startedIn.toFixed(0));
      await addMemory(server, 'after the start', into);
      await measureWrites(server, options, into);
      await addMemory(server, 'after the writes', into);
    });
    await measureSizes(data, databaseUrl, options, into, serve);
    await measureUsers(data, databaseUrl, options, into, serve);
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

type Work = (server: RunningServer) => Promise<void>;
type Serve = (work: Work) => Promise<void>;

async function measureSizes(
  data: string,
  databaseUrl: string | undefined,
  options: Options,
  into: Measurements,
  serve: Serve,
): Promise<void> {
  let account: { readonly id: string; readonly key: string } | undefined;
  let present = 0;
  for (const size of options.sizes) {
    const seeder = await Seeder.open(data, databaseUrl);
    account ??= await seeder.account('bench-growing');
    await seeder.memories(account.id, size - present);
    present = size;
    await seeder.close();
    const { key } = account;
    await serve(async (server) => {
      const where = `${size.toLocaleString('en')} memories`;
      await measureSearches([{ url: server.url, key }], where, options.searches, into);
      await addMemory(server, `after searching ${where}`, into);
    });
  }
}

async function measureUsers(
  data: string,
  databaseUrl: string | undefined,
  options: Options,
  into: Measurements,
  serve: Serve,
): Promise<void> {
  const seeder = await Seeder.open(data, databaseUrl);
  const keys: string[] = [];
  for (let index = 0; index < options.users; index += 1) {
    const account = await seeder.account(`bench-user-${index}`);
    await seeder.memories(account.id, options.memoriesEach);
    keys.push(account.key);
  }
  await seeder.close();
  await serve(async (server) => {
    const accounts = keys.map((key) => ({ url: server.url, key }));
    const where = `${options.users.toLocaleString('en')} users of ${options.memoriesEach} memories`;
    await measureSearches(accounts, where, options.searches, into);
    const one = accounts[0] ?? (await newAccount(server, 'adapter'));
    await measureAdapter(one, options.calls, into);
  });
}

async function addMemory(server: RunningServer, when: string, into: Measurements): Promise<void> {
  const resident = await residentMemory(server.pid);
  into.add(`resident memory ${when}, MiB`, resident?.toFixed(0) ?? 'no /proc');
}
