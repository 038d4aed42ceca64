import type { Config } from '../../config.ts';
import type { RunningServer } from '../../running-server.ts';
import { credentialFor, type Credential } from '../credential.ts';
import { openDoorTo } from '../door.ts';
import type { CliSettings } from '../settings.ts';
import { mend, note, ok, type Finding } from './finding.ts';

const document = `query Doctor { viewer { administrator scopes user { handle } pendingEmbeddings } }`;
interface Answer {
  viewer: { administrator: boolean; scopes: string[]; user: { handle: string }; pendingEmbeddings: number };
}

/** What commands act with, as the person knows it. */
const subjects: Record<Credential['kind'], string> = {
  PICARD_TOKEN: 'PICARD_TOKEN',
  login: 'Login in use',
  'first-key': 'First key',
  'access-token': 'Access token',
};

interface Health {
  status?: string;
  database?: string;
  embeddingModel?: string | null;
}

/** What a running server says of itself; it is the one that may open the database. */
export async function checkServer(server: RunningServer, settings: CliSettings): Promise<Finding[]> {
  const { url } = server;
  const health = await readHealth(url);
  if (!health) {
    return [mend('Server', `nothing answers at ${url.origin}`, 'Start it, or correct PICARD_URL.')];
  }
  const findings = [
    health.status === 'ok'
      ? ok('Server', `runs at ${url.origin}`)
      : mend(
          'Server',
          `runs at ${url.origin}, but its database does not answer`,
          'Start the database, or look at the server’s log.',
        ),
    ok('Database', `${health.database ?? 'unknown'}; the server brought it up to date when it started`),
    modelOf(health, settings.config),
  ];
  return [...findings, ...(await checkCredential(server, settings))];
}

async function readHealth(url: URL): Promise<Health | null> {
  try {
    const answer = await fetch(new URL('/health', url), { signal: AbortSignal.timeout(3_000) });
    return (await answer.json()) as Health;
  } catch {
    return null;
  }
}

function modelOf({ embeddingModel }: Health, { embedding }: Config): Finding {
  if (embeddingModel) return ok('Model', `${embeddingModel}, in use by the server`);
  return embedding.provider === 'none'
    ? note('Model', 'none: search is by words alone')
    : note(
        'Model',
        'the server has none, and searches by words alone',
        'Its log says why; restart it when that is mended.',
      );
}

async function checkCredential(server: RunningServer, settings: CliSettings): Promise<Finding[]> {
  let subject = 'Credential';
  try {
    const credential = await credentialFor(settings, server);
    subject = subjects[credential.kind];
    await using door = await openDoorTo(server.url, credential);
    const { viewer } = await door.ask<Answer>(document);
    const waiting = viewer.pendingEmbeddings;
    return [
      ok(subject, `works: ${viewer.user.handle}${viewer.administrator ? ', administrator' : ''}`),
      waiting === 0
        ? ok('Embeddings', 'no memory of this account waits for its vectors')
        : note(
            'Embeddings',
            `${waiting.toLocaleString('en')} memories of this account wait for their vectors`,
          ),
    ];
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const text = error instanceof Error ? error.message : 'it does not work';
    if (code === 'NO_TOKEN') return [note(subject, text)];
    return [mend(subject, text, 'Log in again, or set PICARD_TOKEN to a key that works.')];
  }
}
