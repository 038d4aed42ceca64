import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import type { Endpoint } from './graphql.ts';

/** A server that a bench started for itself: `startedIn` is in ms from spawn to the first healthy answer. */
export interface RunningServer extends Endpoint {
  readonly pid: number;
  readonly startedIn: number;
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly data: string;
  readonly databaseUrl?: string | undefined;
  readonly env?: Readonly<Record<string, string>>;
}

const program = join(import.meta.dirname, '..', 'api', 'src', 'main.ts');
const longestStart = 120_000;
const ServerFile = z.object({ pid: z.number(), url: z.string() });

/** Starts the server on a free port with its data in the folder given, and waits until it is healthy. */
async function startServer(options: ServerOptions): Promise<RunningServer> {
  const begun = performance.now();
  const child = await launch(options);
  // A bench that is told to end takes its server along.
  const interrupted = (): void => {
    child.kill('SIGTERM');
    process.exit(1);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted);
  const pid = child.pid;
  if (pid === undefined) throw new Error('The server process could not be created.');
  const stop = async (): Promise<void> => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupted);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  };
  try {
    const url = await untilHealthy(child, options.data);
    const startedIn = performance.now() - begun;
    const key = (await readFile(join(options.data, 'first-key'), 'utf8')).trim();
    return { url, key, pid, startedIn, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Runs `work` with a server and stops it; a failure brings the end of the server's log with it. */
export async function withServer(
  options: ServerOptions,
  work: (server: RunningServer) => Promise<void>,
): Promise<void> {
  const server = await startServer(options);
  try {
    await work(server);
  } catch (error) {
    throw new Error(`A bench failed. The end of the server's log:\n${await endOfLog(options.data)}`, {
      cause: error,
    });
  } finally {
    await server.stop();
  }
}

async function launch(options: ServerOptions): Promise<ChildProcess> {
  const env: NodeJS.ProcessEnv = { ...process.env, ...options.env };
  env['PICARD_PORT'] = '0';
  env['PICARD_DATA'] = options.data;
  env['PICARD_LOG_LEVEL'] ??= 'warn';
  // A database that happens to be set for other work is never written to by a bench.
  delete env['DATABASE_URL'];
  if (options.databaseUrl !== undefined) env['DATABASE_URL'] = options.databaseUrl;
  const log = await open(logOf(options.data), 'a');
  try {
    return spawn(process.execPath, [program], { env, stdio: ['ignore', log.fd, log.fd] });
  } finally {
    await log.close();
  }
}

async function untilHealthy(child: ChildProcess, data: string): Promise<string> {
  const deadline = performance.now() + longestStart;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`The server ended before it listened. The end of its log:\n${await endOfLog(data)}`);
    }
    const url = await addressOf(data, child.pid);
    if (url !== undefined && (await isHealthy(url))) return url;
    if (performance.now() > deadline)
      throw new Error(`The server did not listen within ${longestStart / 1000} s; see ${logOf(data)}.`);
    await delay(10);
  }
}

/** The file may be absent, half written, or left by a server that is gone. */
async function addressOf(data: string, pid: number | undefined): Promise<string | undefined> {
  try {
    const file = ServerFile.parse(JSON.parse(await readFile(join(data, 'server.json'), 'utf8')));
    return file.pid === pid ? file.url : undefined;
  } catch {
    return undefined;
  }
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const response = await fetch(new URL('/health', url));
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

async function endOfLog(data: string): Promise<string> {
  const log = await readFile(logOf(data), 'utf8').catch(() => '');
  return log.slice(-2000);
}

const logOf = (data: string): string => join(data, 'server.log');
