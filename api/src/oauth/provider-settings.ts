import { randomUUID } from 'node:crypto';
import { errors, type Configuration, type JWK, type KoaContextWithOIDC } from 'oidc-provider';
import type { Services } from '../services.ts';
import type { ServerKeys } from '../storage/data-keys.ts';
import type { Addresses } from './addresses.ts';
import { checkClientMetadata, POLICY_PROPERTY, RESPONSE_MODE } from './client-policy.ts';
import {
  DocumentRefused,
  isDocumentAddress,
  MAX_DOCUMENT_BYTES,
  type FetchDocument,
} from './fetch-document.ts';
import { findOwner } from './find-owner.ts';
import type { ListedClients } from './listed-clients.ts';
import { loadGrant } from './load-grant.ts';
import { ModelAdapter } from './model-adapter.ts';
import type { PageHooks } from './page-hooks.ts';
import type { RequestLimits } from './request-limits.ts';
import { ROUTES } from './routes.ts';
import { offeredAt, resourceScope } from './scopes.ts';
import { settleScope } from './settle-scope.ts';
import { accessTokenClaims } from './token-claims.ts';
import { tokenLives } from './token-lives.ts';

export interface ProviderParts {
  services: Pick<Services, 'database' | 'logger'>;
  addresses: Addresses;
  keys: ServerKeys;
  listed: ListedClients;
  /** Asked at each use: they may be set after the start. */
  pages: () => PageHooks;
  clientDocuments: boolean;
  fetchDocument: FetchDocument;
  mayFetch: (url: URL) => boolean;
  limits: RequestLimits;
}

export function providerSettings(
  parts: ProviderParts,
  jwks: readonly JWK[],
  cookieKeys: readonly string[],
): Configuration {
  const { services, addresses, keys, listed, fetchDocument, mayFetch, pages, limits } = parts;
  const secure = addresses.issuer.startsWith('https:');
  return {
    adapter: (model: string) => new ModelAdapter(services.database, keys.oauthModels, model, limits),
    clients: listed.metadata,
    findAccount: (_ctx, id) => findOwner(services.database, id),
    jwks: { keys: [...jwks] },
    ttl: tokenLives,
    loadExistingGrant: loadGrant,
    routes: ROUTES,
    cookies: {
      keys: [...cookieKeys],
      // With this prefix no other host of the domain can set it (RFC 6265bis section 4.1.3.2).
      names: {
        session: secure ? '__Host-picard_session' : 'picard_session',
        interaction: 'picard_interaction',
        resume: 'picard_resume',
      },
      long: { httpOnly: true, sameSite: 'lax', signed: true, secure, path: '/' },
      short: { httpOnly: true, sameSite: 'lax', signed: true, secure },
    },
    responseTypes: ['code'],
    scopes: ['openid', 'offline_access', ...resourceScope.split(' ')],
    pkce: { required: () => true },
    allowOmittingSingleRegisteredRedirectUri: false,
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    enabledJWA: {
      idTokenSigningAlgValues: ['ES256'],
      userinfoSigningAlgValues: ['ES256'],
      clientAuthSigningAlgValues: ['ES256', 'RS256', 'PS256', 'Ed25519'],
    },
    clientDefaults: {
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      id_token_signed_response_alg: 'ES256',
      token_endpoint_auth_method: 'client_secret_basic',
      response_modes: [RESPONSE_MODE],
    },
    extraClientMetadata: {
      properties: [POLICY_PROPERTY],
      validator: (_ctx, _key, _value, metadata) =>
        checkClientMetadata(metadata, listed.has(metadata.client_id)),
    },
    // Called last of all checks, whether it was sent or not: the place where the library lets a default be set.
    extraParams: {
      [POLICY_PROPERTY]: settleScope,
    },
    extraTokenClaims: accessTokenClaims,
    rotateRefreshToken: true,
    // Hosts ask for `offline_access` without `prompt=consent`, for which the library would give no refresh token.
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: () => false,
    clientBasedCORS: (_ctx, origin, client) =>
      (client.redirectUris ?? []).some((uri) => sameSite(uri, origin)),
    fetch: (async (url: URL, options: RequestInit) => {
      if (!mayFetch(new URL(url))) throw new DocumentRefused('This host was asked often enough for now');
      return fetchDocument(url, options);
    }) as NonNullable<Configuration['fetch']>,
    fetchResponseBodyLimits: {
      'client_id metadata document': MAX_DOCUMENT_BYTES,
      jwks_uri: MAX_DOCUMENT_BYTES,
      sector_identifier_uri: MAX_DOCUMENT_BYTES,
    },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    renderError: (ctx, out, error) => pages().error(ctx, out, error),
    features: features(parts),
  };
}

function features({ addresses, listed, clientDocuments, pages }: ProviderParts): Configuration['features'] {
  const resources = Object.values(addresses.resources);
  const ownToken = (ctx: KoaContextWithOIDC, owner: string | undefined): boolean =>
    owner !== undefined && owner === ctx.oidc.client?.clientId;
  return {
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    clientCredentials: { enabled: true },
    registration: { enabled: true, idFactory: () => randomUUID() },
    registrationManagement: { enabled: true },
    revocation: { enabled: true, allowedPolicy: (ctx, _client, token) => ownToken(ctx, token.clientId) },
    introspection: {
      enabled: true,
      allowedPolicy: (ctx, client, token) => ownToken(ctx, token.clientId) || listed.has(client.clientId),
    },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => pages().signOut(ctx, form),
      postLogoutSuccessSource: (ctx) => pages().signedOut(ctx),
    },
    deviceFlow: {
      enabled: true,
      // It would keep the address of the device, which nobody is shown.
      deviceInfo: () => ({}),
      userCodeInputSource: (ctx, form, out, error) => pages().userCodeInput(ctx, form, out, error),
      userCodeConfirmSource: (ctx, form, client, _device, code) =>
        pages().userCodeConfirm(ctx, form, client, code),
      successSource: (ctx) => pages().deviceSuccess(ctx),
    },
    clientIdMetadataDocument: {
      enabled: clientDocuments,
      ack: 'draft-02',
      allowFetch: (_ctx, clientId) => isDocumentAddress(clientId),
    },
    resourceIndicators: {
      enabled: true,
      // Hosts of before RFC 8707 name none, and what they want is MCP.
      defaultResource: (_ctx, _client, oneOf) => oneOf?.[0] ?? addresses.resources.mcp,
      useGrantedResource: () => true,
      getResourceServerInfo: (_ctx, resource) => {
        if (!resources.includes(resource)) throw new errors.InvalidTarget();
        return {
          scope: offeredAt(addresses, resource).join(' '),
          audience: resource,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        };
      },
    },
  };
}

/** A browser app asks from where it is sent back to; on this machine at any port. */
function sameSite(redirectUri: string, origin: string): boolean {
  const [registered, asking] = [URL.parse(redirectUri), URL.parse(origin)];
  if (!registered || !asking || !/^https?:$/.test(registered.protocol)) return false;
  if (registered.origin === asking.origin) return true;
  return (
    registered.protocol === 'http:' && asking.protocol === 'http:' && registered.hostname === asking.hostname
  );
}
