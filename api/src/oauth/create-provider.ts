import { Provider, type JWK, type KoaContextWithOIDC } from 'oidc-provider';
import type { Authenticate } from '../accounts/authenticate.ts';
import { answerError } from './answer-error.ts';
import { answerFailures } from './answer-failures.ts';
import { RESPONSE_MODE } from './client-policy.ts';
import { registerTokenExchange } from './exchange-token.ts';
import { refuseDisabledClients } from './disabled-clients.ts';
import { answerForJwts, answerUserinfo } from './jwt-endpoints.ts';
import { providerSettings, type ProviderParts } from './provider-settings.ts';
import { inRequestTransaction } from './request-transaction.ts';
import { settleRefreshScope } from './settle-refresh-scope.ts';
import { answerTooMany, TooManyRequests } from './too-many-requests.ts';
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
  const { services, addresses, listed, limits } = parts;
  const { database, logger } = services;
  const provider = new Provider(addresses.issuer, providerSettings(parts, jwks, cookieKeys));
  // The headers that it then believes are set by us for each request, from the configured issuer.
  provider.proxy = true;
  provider.silent = true;
  registerTokenExchange(provider, addresses, listed, authenticate);
  settleRefreshScope(provider);
  refuseDisabledClients(provider, database);

  answerFailures(provider, logger, parts.pages);
  provider.on('code_verification.error', (ctx, error) => {
    if (error instanceof TooManyRequests) ctx.set('retry-after', String(error.retryAfterSeconds));
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
    try {
      await limits.limited(ctx, next);
    } catch (error) {
      if (!(error instanceof TooManyRequests)) throw error;
      await answerTooMany(ctx as KoaContextWithOIDC, error, parts.pages());
    }
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
      await answerError(ctx as KoaContextWithOIDC, parts.pages(), { status: 400, out }, error);
    }
  });
  provider.use(async (ctx, next) => {
    await next();
    const described = ctx.body as { response_modes_supported?: readonly string[] } | undefined;
    // The library knows one list alone, and tells all of it.
    if (described?.response_modes_supported) described.response_modes_supported = [RESPONSE_MODE];
  });
  answerForJwts(provider, { database, addresses, listed, verify });
  answerUserinfo(provider, { database, addresses, listed, verify });
  return provider;
}

function isMissingSession(error: unknown): error is TypeError {
  return error instanceof TypeError && error.message.includes('previously persisted');
}
