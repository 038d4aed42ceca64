import { createAdapter, type Adapter } from '@picard/mcp-adapter/adapter';
import type { Oauth } from '../oauth/open-oauth.ts';
import type { Services } from '../services.ts';
import { createAuthenticator, createExecutor } from './in-process.ts';
import { sendError } from './respond.ts';

export interface MountedAdapter extends Adapter {
  /** Where people read of the tools. */
  readonly docs: string;
}

/** The MCP adapter in this process or, where it runs apart, a word about where that is. */
export async function mountAdapter(
  services: Services,
  { authenticate, addresses }: Oauth,
  publicUrl: URL,
  apart: boolean,
): Promise<MountedAdapter> {
  if (apart) return elsewhere(addresses);
  const { requestState } = await services.dataKeys.ofServer(services.database);
  const adapter = createAdapter({
    executor: createExecutor(services, publicUrl),
    authenticator: createAuthenticator(authenticate),
    publicUrl,
    authorizationServers: [addresses.issuer],
    stateKey: requestState.export(),
    logger: services.logger,
  });
  return { ...adapter, docs: '/docs' };
}

const PATHS: ReadonlySet<string> = new Set(['/mcp', '/api/tools', '/openapi.json', '/docs']);

function elsewhere({ issuer, resources: { mcp }, tools }: Oauth['addresses']): MountedAdapter {
  const docs = new URL('docs', mcp);
  return {
    docs: docs.origin === new URL(issuer).origin ? docs.pathname : docs.href,
    handles: (pathname) => PATHS.has(pathname),
    async handle(_request, response) {
      const message = `The MCP adapter runs apart from this server: MCP is at ${mcp}, the REST tools are at ${tools}.`;
      sendError(response, 404, 'NOT_FOUND', message);
    },
    close: async () => undefined,
  };
}
