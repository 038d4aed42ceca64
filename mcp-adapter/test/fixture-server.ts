import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AdapterOptions, createAdapter } from '../src/adapter.ts';
import type { Principal } from '../src/executor.ts';
import { authenticatorOf, createFixtureApi, principal, recordingLogger } from './fixture-api.ts';

export interface FixtureServer {
  url: URL;
  api: ReturnType<typeof createFixtureApi>;
  logger: ReturnType<typeof recordingLogger>;
  close(): Promise<void>;
}

/** The adapter on loopback over the fixture API; the token `full` may do everything. */
export async function startFixtureServer(
  tokens: Record<string, Principal> = {},
  options: Partial<AdapterOptions> = {},
): Promise<FixtureServer> {
  const api = createFixtureApi();
  const logger = recordingLogger();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(`http://127.0.0.1:${portOf(server)}`);
  const adapter = createAdapter({
    executor: api.executor,
    authenticator: authenticatorOf({ full: principal(), ...tokens }),
    publicUrl: url,
    logger,
    ...options,
  });
  server.on('request', (req, res) => void adapter.handle(req, res));
  return {
    url,
    api,
    logger,
    async close() {
      await adapter.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function portOf(server: Server): number {
  const address: string | AddressInfo | null = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
