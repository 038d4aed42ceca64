import { Provider, type JWK, type KoaContextWithOIDC } from 'oidc-provider';
import type { Authenticate } from '../accounts/authenticate.ts';
import { DatabaseUnavailable } from '../storage/errors.ts';
import { registerTokenExchange } from './exchange-token.ts';
import { answerForJwts, answerUserinfo } from './jwt-endpoints.ts';
import { providerSettings, type ProviderParts } from './provider-settings.ts';
import { inRequestTransaction } from './request-transaction.ts';
import type { VerifyToken } from './verify-token.ts';

export interface Checks {
  verify: VerifyToken;
  /** What `/mcp` takes, for token exchange. */
  authenticate: Authenticate;
}

/** Where one request does more than one thing to a grant. */
const TRANSACTIONAL: ReadonlySet<string> = new Set(['/oauth/token', '/oauth/revoke']);

/** The library with our rules around it, for one set of signing keys and cookie keys. */
export function createProvider(
  parts: ProviderParts,
  { verify, authenticate }: Checks,
  jwks: readonly JWK[],
  cookieKeys: readonly string[],
): Provider {
  const { services, addresses, listed } = parts;
  const { database, logger } = services;
  const provider = new Provider(addresses.issuer, providerSettings(parts, jwks, cookieKeys));
  // The headers that it then believes are set by us for each request, from the configured issuer.
  provider.proxy = true;
  provider.silent = true;
  registerTokenExchange(provider, addresses, listed, authenticate);

  const failures = new WeakMap<object, unknown>();
  provider.on('server_error', (ctx, error) => {
    failures.set(ctx, error);
    logger.error({ error: error.name, path: ctx.path }, 'A request to the authorization server failed');
  });

  provider.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable))
        logger.error({ err: error }, 'The authorization server failed');
      failures.set(ctx, error);
      ctx.status = 500;
      ctx.body = { error: 'server_error', error_description: 'Something failed here. It was logged.' };
    }
    if (!(failures.get(ctx) instanceof DatabaseUnavailable)) return;
    ctx.status = 503;
    ctx.set('retry-after', '3');
    ctx.body = { error: 'temporarily_unavailable', error_description: 'Try again in a few seconds.' };
  });
  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith('/oauth/register')) return void (await next());
    // Hosts in a browser register too (RFC 7591 section 3); no cookie counts here.
    ctx.set('access-control-allow-origin', '*');
    if (ctx.method !== 'OPTIONS') return void (await next());
    ctx.set('access-control-allow-methods', 'POST, GET, PUT, DELETE');
    ctx.set('access-control-allow-headers', 'content-type, authorization');
    ctx.set('access-control-max-age', '3600');
    ctx.status = 204;
  });
  provider.use(async (ctx, next) => {
    if (ctx.method !== 'POST' || !TRANSACTIONAL.has(ctx.path)) return void (await next());
    await inRequestTransaction(database, async () => {
      await next();
      return ctx.status < 500;
    });
  });
  provider.use(async (ctx, next) => {
    // The library takes a form without the session that it was shown in for a fault of its own.
    try {
      await next();
    } catch (error) {
      if (!/^\/device(\/|$)/.test(ctx.path) || !isMissingSession(error)) throw error;
      const out = {
        error: 'invalid_request',
        error_description: 'Open this page again, and go on from there.',
      };
      ctx.status = 400;
      if (ctx.accepts('json', 'html') === 'html')
        await parts.pages().error(ctx as KoaContextWithOIDC, out, error);
      else ctx.body = out;
    }
  });
  answerForJwts(provider, { database, addresses, listed, verify });
  answerUserinfo(provider, { database, addresses, listed, verify });
  return provider;
}

function isMissingSession(error: unknown): error is TypeError {
  return error instanceof TypeError && error.message.includes('previously persisted');
}
