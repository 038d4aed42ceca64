import { newAdapterKey } from '@picard/mcp-adapter/adapter-key';
import { readAdapterConfig } from '@picard/mcp-adapter/config';
import { startAdapter } from '@picard/mcp-adapter/start-adapter';
import type { IncomingMessage } from 'node:http';
import type { Picard } from '../src/start-picard.ts';
import { silent, startInstance, type Deployed, type Env, type Parts } from './deployment-instance.ts';
import { openAddress } from './one-address.ts';

const ADAPTER_PATHS: ReadonlySet<string> = new Set([
  '/mcp',
  '/api/tools',
  '/openapi.json',
  '/docs',
  '/.well-known/oauth-protected-resource/mcp',
]);

/** The API, and the MCP adapter in a server of its own that knows the API over HTTP alone. */
export async function deploySplit(env: Env, parts: Parts): Promise<Deployed> {
  const address = await openAddress();
  const publicUrl = env['PICARD_PUBLIC_URL'] ?? `http://localhost:${address.url.port}`;
  const closing: (() => PromiseLike<void>)[] = [() => address[Symbol.asyncDispose]()];
  const close = async (): Promise<void> => {
    for (const each of closing.toReversed()) await each();
  };
  try {
    const pair = await newAdapterKey();
    const client = { clientId: 'mcp-adapter', publicKey: pair.publicJwk };
    const told = { PICARD_PUBLIC_URL: publicUrl, PICARD_MCP_URL: publicUrl };
    const api = await startInstance(
      { ...told, PICARD_ADAPTER_CLIENT: JSON.stringify(client), ...env },
      parts,
    );
    closing.push(() => api.close());
    const settings = {
      PICARD_API_URL: api.http.url.href,
      PICARD_MCP_URL: publicUrl,
      PICARD_ADAPTER_KEY: JSON.stringify(pair.privateJwk),
      PICARD_ADAPTER_PORT: '0',
    };
    const adapter = await startAdapter(readAdapterConfig(settings), silent);
    closing.push(() => adapter.close());
    const isAdapters = ({ url }: IncomingMessage): boolean =>
      ADAPTER_PATHS.has((url ?? '').split('?')[0] ?? '');
    address.use({ serverFor: (request) => (isAdapters(request) ? adapter.url : api.http.url) });
    const picard: Picard = { ...api, close };
    return { url: address.url, picard, instances: [api] };
  } catch (error) {
    await close();
    throw error;
  }
}
