import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Tells this life of the server from any other program that may listen at the same port one day. */
export const instance = randomUUID();

export interface RunningServer {
  /** Where it is reached from this machine. */
  url: URL;
  /** Where people reach it, as which it names itself. */
  publicUrl: URL;
}

interface Word {
  pid: number;
  url: string;
  publicUrl: string;
  instance: string;
}

const fileIn = (dataFolder: string): string => join(dataFolder, 'server.json');
const read = async (dataFolder: string): Promise<Word> =>
  JSON.parse(await readFile(fileIn(dataFolder), 'utf8')) as Word;

/** Leaves word of where the server of this data folder listens, for the CLI and for stdio. */
export async function rememberServer(dataFolder: string, { url, publicUrl }: RunningServer): Promise<void> {
  const word: Word = {
    pid: process.pid,
    url: fromHere(url).origin,
    publicUrl: publicUrl.origin,
    instance,
  };
  await writeFile(fileIn(dataFolder), `${JSON.stringify(word)}\n`, { mode: 0o600 });
}

/** What listens on every address is reached on this machine by the loopback one, on each operating system. */
function fromHere(url: URL): URL {
  const here = new URL(url);
  if (url.hostname === '0.0.0.0') here.hostname = '127.0.0.1';
  if (url.hostname === '[::]') here.hostname = '[::1]';
  return here;
}

/** Takes back its own word alone: another server of this folder, as in a rolling restart, may have left one since. */
export async function forgetServer(dataFolder: string, url: URL): Promise<void> {
  const word = await read(dataFolder).catch(() => null);
  if (word?.instance === instance && word.url === fromHere(url).origin)
    await rm(fileIn(dataFolder), { force: true });
}

/** Where the server of this data folder answers now; null when none does, whatever a killed one left behind. */
export async function findServer(dataFolder: string): Promise<RunningServer | null> {
  try {
    const { url, publicUrl, instance: left } = await read(dataFolder);
    const answer = await fetch(new URL('/health', url), { signal: AbortSignal.timeout(3_000) });
    const body = (await answer.json()) as { instance?: string };
    // Another program would be handed the key.
    return body.instance === left ? { url: new URL(url), publicUrl: new URL(publicUrl) } : null;
  } catch {
    return null;
  }
}
