import { createHmac, type KeyObject } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import type { Authenticate } from '../accounts/authenticate.ts';
import type { Services } from '../services.ts';
import type { AddressOf } from '../trusted-proxies.ts';
import { addressesOf, type Addresses } from './addresses.ts';
import { createAuthenticateOutside, issuerIn } from './authenticate-outside.ts';
import { createAuthenticateToken } from './authenticate-token.ts';
import { createProvider } from './create-provider.ts';
import { createFetchBudget } from './fetch-budget.ts';
import { createFetchDocument, type FetchDocument } from './fetch-document.ts';
import { ListedClients, type OauthClients } from './listed-clients.ts';
import { plainPages, type PageHooks } from './page-hooks.ts';
import { handlesPath, pinAddress } from './request-address.ts';
import { createRequestLimits } from './request-limits.ts';
import { SigningKeys } from './signing-keys.ts';
import type { TrustedIssuer } from './trusted-issuer.ts';
import { createVerifyToken, isJwt } from './verify-token.ts';

export interface OauthOptions {
  publicUrl: URL;
  /** Of the MCP adapter, where it runs apart. */
  mcpUrl?: URL | undefined;
  oauthClients?: OauthClients;
  trustedIssuers?: readonly TrustedIssuer[];
  /** Whether apps may name themselves by a document on the internet (Client ID Metadata Document). */
  clientDocuments: boolean;
  /** In place of the one that reaches public hosts alone. */
  fetchDocument?: FetchDocument;
  addressOf: AddressOf;
  /** Takes API keys: token exchange takes what the faces take. */
  authenticateKey: Authenticate;
}

/** The authorization server. */
export interface Oauth {
  /** The library as it is now: it is made anew when its keys change, so it is not kept. */
  readonly provider: Provider;
  readonly addresses: Addresses;
  /** Clients with rights of their own, which nobody registered. */
  readonly listed: ListedClients;
  /** API keys and access tokens alike. */
  readonly authenticate: Authenticate;
  /** Gives the pages that the library shows by itself; until then they are plain. */
  usePages(hooks: Partial<PageHooks>): void;
  /** Whether a path of the service is the authorization server's. */
  handles(pathname: string): boolean;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  close(): void;
}

const COOKIE_KEY_LIFE_MS = 30 * 24 * 3_600_000;

export async function openOauth(services: Services, options: OauthOptions): Promise<Oauth> {
  const { database, dataKeys } = services;
  const addresses = addressesOf(options.publicUrl, options.mcpUrl);
  const listed = new ListedClients(options.oauthClients ?? { services: [] });
  const serverKeys = await dataKeys.ofServer(database);
  const signingKeys = await SigningKeys.open(services);
  const verify = createVerifyToken(addresses, signingKeys);
  const authenticateToken = createAuthenticateToken(database, addresses, listed, verify);
  const authenticateOutside = createAuthenticateOutside(database, options.trustedIssuers ?? []);
  const authenticate: Authenticate = (token, face) => {
    if (!isJwt(token)) return options.authenticateKey(token, face);
    const own = issuerIn(token) === addresses.issuer;
    return own ? authenticateToken(token, face) : authenticateOutside(token, face);
  };
  let pages = plainPages;
  const parts = {
    services,
    addresses,
    keys: serverKeys,
    listed,
    pages: () => pages,
    clientDocuments: options.clientDocuments,
    fetchDocument: options.fetchDocument ?? createFetchDocument(),
    mayFetch: createFetchBudget(),
    limits: createRequestLimits(database, options.addressOf, listed),
  };

  let made: { from: string; provider: Provider; handle: ReturnType<Provider['callback']> } | undefined;
  const present = () => {
    const jwks = signingKeys.privateJwks;
    const period = Math.floor(Date.now() / COOKIE_KEY_LIFE_MS);
    const from = [period, ...jwks.map(({ kid }) => kid)].join(' ');
    if (made?.from !== from) {
      const cookieKeys = [period, period - 1].map((each) => cookieKey(serverKeys.cookies, each));
      const provider = createProvider(parts, { verify, authenticate }, jwks, cookieKeys);
      made = { from, provider, handle: provider.callback() };
    }
    return made;
  };

  return {
    get provider() {
      return present().provider;
    },
    addresses,
    listed,
    authenticate,
    usePages(hooks) {
      pages = { ...pages, ...hooks };
    },
    handles: handlesPath,
    async handle(request, response) {
      pinAddress(request, addresses);
      const [path = ''] = (request.url ?? '').split('?');
      if (!handlesPath(path)) return void response.writeHead(404, { 'content-length': '0' }).end();
      await present().handle(request, response);
    },
    close: () => signingKeys.close(),
  };
}

/** Cookies signed in the last period are still taken, so that nobody is signed out when it ends. */
function cookieKey(key: KeyObject, period: number): string {
  return createHmac('sha256', key).update(`period ${period}`).digest('base64url');
}
