import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { TestDatabase } from './database.ts';
import type { TestPicard } from './picard.ts';

export const launcher = fileURLToPath(new URL('../bin/picard.js', import.meta.url));

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Cli extends AsyncDisposable {
  /** The working folder of every command, empty at first: no `.env` of the machine is read. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  start(...args: string[]): ChildProcessWithoutNullStreams;
  run(...args: string[]): Promise<Ended>;
}

/** The real command line as a process of its own, with nothing in its environment but what is given. */
export async function createCli(env: NodeJS.ProcessEnv, node = process.execPath): Promise<Cli> {
  const folder = await mkdtemp(join(tmpdir(), 'picard-cli-'));
  const whole = {
    PATH: process.env['PATH'],
    HOME: folder,
    PICARD_PORT: '0',
    PICARD_EMBEDDING: 'none',
    ...env,
  };
  const start = (...args: string[]) => spawn(node, [launcher, ...args], { cwd: folder, env: whole });
  return {
    folder,
    env: whole,
    start,
    run(...args) {
      const child = start(...args);
      child.stdin.end();
      return ended(child);
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

export async function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}

/** What the command line must know of a database that the harness made. */
export function settingsOf({ dataFolder, databaseUrl }: TestDatabase): NodeJS.ProcessEnv {
  return { PICARD_DATA: dataFolder, ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }) };
}

export const jsonLines = (values: readonly unknown[]): string =>
  values.map((value) => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`).join('');

export function parseLines(lines: string): Record<string, unknown>[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** The command line of somebody with an account of their own. */
export async function createAccountCli(
  picard: TestPicard,
  handle: string,
): Promise<Cli & { key: string; total(): Promise<number> }> {
  const key = await picard.account(handle);
  const own = await createCli({ ...settingsOf(picard.database), PICARD_TOKEN: key });
  const count = '{ viewer { memories(filter: { expiry: ANY }) { totalCount } } }';
  return Object.assign(own, {
    key,
    async total() {
      const { viewer } = await picard.data<{ viewer: { memories: { totalCount: number } } }>(count, {}, key);
      return viewer.memories.totalCount;
    },
  });
}

export async function writeLines({ folder }: Cli, name: string, values: readonly unknown[]): Promise<string> {
  await writeFile(join(folder, name), jsonLines(values));
  return name;
}

export const submitMany = `mutation ($input: SubmitMemoriesInput!) { submitMemories(input: $input) {
  ... on SubmitMemoriesPayload { failed results { ... on SubmitMemoryPayload { memory { id } } } } } }`;
export interface Submitted {
  submitMemories: { failed: number; results: { memory: { id: string } }[] };
}

/** `picard mcp`, as a host starts it. */
export async function connectOverStdio({ env, folder }: Cli): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  const known = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [launcher, 'mcp'],
      env: Object.fromEntries(known),
      cwd: folder,
    }),
  );
  return client;
}
