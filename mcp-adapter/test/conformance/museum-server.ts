import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type AdapterOptions, createAdapter } from '../../src/adapter.ts';
import type { Principal } from '../../src/executor.ts';
import { authenticatorOf, recordingLogger } from '../fixture-api.ts';
import { type Museum, museumManifest, openMuseum } from './museum.ts';

export interface MuseumServer extends AsyncDisposable {
  url: URL;
  museum: Museum;
  logger: ReturnType<typeof recordingLogger>;
  /** Takes a token back, as a revocation does. */
  revoke(token: string): void;
}

/** A visitor who may do everything here. */
export function visitor(changes: Partial<Principal> = {}): Principal {
  return {
    userId: 'ada',
    scopes: new Set(['museum:read', 'museum:write']),
    faces: new Set(['mcp', 'rest']),
    expiresAt: null,
    ...changes,
  };
}

/** The adapter over the museum, on loopback; the token `full` may do everything. */
export async function startMuseumServer(
  tokens: Record<string, Principal> = {},
  options: Partial<AdapterOptions> = {},
): Promise<MuseumServer> {
  const museum = openMuseum();
  const logger = recordingLogger();
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = new URL(`http://127.0.0.1:${port}`);
  const known: Record<string, Principal> = { full: visitor(), ...tokens };
  const adapter = createAdapter({
    executor: museum.executor,
    authenticator: authenticatorOf(known),
    publicUrl: url,
    logger,
    manifest: museumManifest,
    ...options,
  });
  server.on('request', (req, res) => void adapter.handle(req, res));
  return {
    url,
    museum,
    logger,
    revoke(token) {
      delete known[token];
    },
    async [Symbol.asyncDispose]() {
      await adapter.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
