import { setTimeout as sleep } from 'node:timers/promises';
import type { Executor, Face, Principal } from '@picard/mcp-adapter/executor';
import { createHttpExecutor, fetchPrincipal } from '@picard/mcp-adapter/http-executor';
import { ensureFirstAccount } from '../accounts/first-account.ts';
import { createAuthenticate } from '../accounts/authenticate.ts';
import { REFUSED_CREDENTIAL } from '../http/bearer.ts';
import { createAuthenticator, createExecutor } from '../http/in-process.ts';
import { openServices, type OpenServices } from '../open-services.ts';
import { findServer, type RunningServer } from '../running-server.ts';
import { FolderInUse } from '../storage/folder-lock.ts';
import { CliError } from './cli-error.ts';
import { credentialFor, type Credential, type CredentialOptions } from './credential.ts';
import { RequestFailed } from './request-failed.ts';
import { fetchRenewing, subscribeRenewing } from './renewed-requests.ts';
import { answerOrThrow } from './server-failures.ts';
import { serverOf, type CliSettings } from './settings.ts';
import { terminalLogger } from './terminal-logger.ts';

/** How a server that has just taken the folder is waited for: it listens once its model is open. */
const STARTING_MS = 10_000;
const ASK_AGAIN_MS = 200;

/** The way to the data: the GraphQL API, wherever it is answered. Commands know nothing else. */
export interface Door extends AsyncDisposable {
  /** The server that answers; null when this process does. */
  readonly url: URL | null;
  readonly executor: Executor;
  readonly principal: Principal;
  /** The data of one named operation. @throws {RequestFailed} with the API's own code and words */
  ask<Data>(document: string, variables?: Record<string, unknown>): Promise<Data>;
}

export interface DoorOptions extends CredentialOptions {
  /** Which of the key’s faces is used. */
  face?: Face;
  /** Whether the work needs the embedding model; opening it takes a second, and fetching it once longer. */
  model?: boolean;
  /** Whether this process also embeds what is written, as a server does. */
  background?: boolean;
}

/** Goes to the running server of the data folder, or to PICARD_URL; when there is none, opens the data itself. */
export async function openDoor(settings: CliSettings, options: DoorOptions = {}): Promise<Door> {
  const server = await serverOf(settings);
  if (server) return openDoorTo(server.url, await credentialFor(settings, server, options));
  try {
    return await doorInProcess(settings, options);
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error;
    const started = await waitForServer(settings.config.dataFolder);
    if (!started) throw error;
    return openDoorTo(started.url, await credentialFor(settings, started, options));
  }
}

async function waitForServer(dataFolder: string): Promise<RunningServer | null> {
  for (const deadline = Date.now() + STARTING_MS; Date.now() < deadline; await sleep(ASK_AGAIN_MS)) {
    const server = await findServer(dataFolder);
    if (server) return server;
  }
  return null;
}

/** Goes to this server with this credential. */
export async function openDoorTo(url: URL, credential: Credential): Promise<Door> {
  const endpoint = {
    url: new URL('/graphql', url),
    token: () => credential.token(),
    fetch: fetchRenewing(credential),
  };
  const remote = createHttpExecutor(endpoint);
  const executor: Executor = {
    execute: (request) => remote.execute(request).catch((error: unknown) => answerOrThrow(url, error)),
    subscribe: (request) => subscribeRenewing(credential, request, (each) => remote.subscribe(each)),
  };
  const nobody: Principal = { userId: '', scopes: new Set(), faces: new Set(), expiresAt: null };
  // Asked first for the words of a refusal, which fetchPrincipal does not hand on.
  await ask(executor, nobody, 'query Caller { viewer { scopes } }');
  const principal = await fetchPrincipal(endpoint);
  return door(url, executor, principal, async () => undefined);
}

async function doorInProcess(settings: CliSettings, options: DoorOptions): Promise<Door> {
  const { config } = settings;
  const services = await openServices(config, terminalLogger(), { model: options.model ?? false });
  try {
    await ensureFirstAccount(services, config.dataFolder);
    const credential = await credentialFor(settings, null, options);
    const principal = await authenticate(services, await credential.token(), options.face ?? 'graphql');
    if (options.background) await services.embeddings.start();
    const publicUrl = new URL(config.publicUrl ?? `http://localhost:${config.port}`);
    return door(null, createExecutor(services, publicUrl), principal, () => services.close());
  } catch (error) {
    await services.close();
    throw error;
  }
}

async function authenticate(services: OpenServices, token: string, face: Face): Promise<Principal> {
  const principal = await createAuthenticator(
    createAuthenticate(services.database),
    face === 'graphql' ? 'cli' : face,
  ).authenticate(token, face);
  if (!principal) throw new CliError('UNAUTHENTICATED', REFUSED_CREDENTIAL);
  if (principal.faces.has(face)) return principal;
  throw new CliError('FORBIDDEN', `This API key does not name the face ${face}. Make one that does.`);
}

function door(url: URL | null, executor: Executor, principal: Principal, close: () => Promise<void>): Door {
  return {
    url,
    executor,
    principal,
    ask: (document, variables) => ask(executor, principal, document, variables),
    [Symbol.asyncDispose]: close,
  };
}

async function ask<Data>(
  executor: Executor,
  principal: Principal,
  document: string,
  variables: Record<string, unknown> = {},
): Promise<Data> {
  const operationName = /(?:query|mutation) (\w+)/.exec(document)?.[1] ?? '';
  const { data, errors } = await executor.execute({ document, operationName, variables, principal });
  const [error] = errors ?? [];
  if (error) throw new RequestFailed(error);
  // The documents are ours, and the schema checked what they answer.
  return data as Data;
}
