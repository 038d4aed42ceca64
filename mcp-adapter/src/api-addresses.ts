import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { belowPublicUrl } from './protected-resource.ts';

/** Where the API is asked, and what it is called: the two differ where others reach it through a proxy. */
export interface ApiAddresses {
  /** The issuer of tokens (RFC 8414), and the resource that they are for (RFC 9728), as the API tells them. */
  issuer: string;
  resource: string;
  graphql: URL;
  tokenEndpoint: URL;
  userinfo: URL;
  health: URL;
}

const TIMEOUT_MS = 5_000;
const ASK_AGAIN_MS = 500;

const metadata = z.object({ resource: z.url(), authorization_servers: z.tuple([z.url()]) });

/**
 * Asks the API what it is called, for as long as it may take to start.
 * @throws the last reason why there was no answer
 */
export async function findApi(apiUrl: URL, patienceMs: number): Promise<ApiAddresses> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      return await askApi(apiUrl);
    } catch (error) {
      if (Date.now() + ASK_AGAIN_MS > deadline) throw error;
      await sleep(ASK_AGAIN_MS);
    }
  }
}

async function askApi(apiUrl: URL): Promise<ApiAddresses> {
  const at = (path: string) => belowPublicUrl(apiUrl, path);
  const response = await fetch(at('.well-known/oauth-protected-resource/graphql'), {
    signal: AbortSignal.timeout(TIMEOUT_MS),
    redirect: 'error',
  });
  const { resource, authorization_servers: servers } = metadata.parse(await response.json());
  return {
    issuer: servers[0],
    resource,
    graphql: at('graphql'),
    tokenEndpoint: at('oauth/token'),
    userinfo: at('oauth/userinfo'),
    health: at('healthz'),
  };
}
