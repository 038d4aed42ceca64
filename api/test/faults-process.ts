import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestDatabase } from './database.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** A whole Picard in a process of its own, that can be killed. */
export interface PicardProcess {
  url: URL;
  key: string;
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>;
}

export async function startProcess(
  { dataFolder, databaseUrl }: TestDatabase,
  env: Record<string, string> = {},
): Promise<PicardProcess> {
  const child = spawn(process.execPath, [MAIN], {
    // Nothing of the environment of the test run, so that a setting of its own does not change the outcome.
    env: {
      PATH: process.env['PATH'],
      PICARD_PORT: '0',
      PICARD_DATA: dataFolder,
      DATABASE_URL: databaseUrl ?? '',
      PICARD_EMBEDDING: 'none',
      PICARD_LOG_LEVEL: 'fatal',
      ...env,
    },
    cwd: dataFolder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = once(child, 'exit');
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const runs = new Promise<void>((resolve) => {
    child.stdout.on('data', (bytes: Buffer) => {
      if (bytes.includes('Picard runs.')) resolve();
    });
  });
  await Promise.race([runs, gone]);
  if (child.exitCode !== null) throw new Error(`Picard ended at its start: ${said}`);
  const server = JSON.parse(await readFile(join(dataFolder, 'server.json'), 'utf8')) as { url: string };
  return {
    url: new URL(server.url),
    key: (await readFile(join(dataFolder, 'first-key'), 'utf8')).trim(),
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** Asks for what must succeed; throws when it is refused or nobody answers. */
export async function askProcess<Data>(
  { url, key }: Pick<PicardProcess, 'url' | 'key'>,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Data> {
  const response = await fetch(new URL('/graphql', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables }),
  });
  const body = (await response.json()) as { data?: Data; errors?: { message: string }[] };
  if (body.errors || !body.data) throw new Error(JSON.stringify(body.errors));
  return body.data;
}
