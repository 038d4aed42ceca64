import { hostname } from 'node:os';
import * as oauth from 'openid-client';
import { CliError } from '../cli-error.ts';
import type { AccessToken } from './logins-file.ts';
import { told } from './oauth-failures.ts';
import { nameOf, requireSecure } from './server-name.ts';

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const TIMEOUT_SECONDS = 10;
/** The most that servers of ours take. */
const MAX_NAME = 100;

export interface Tokens {
  accessToken: AccessToken;
  /** Absent where the one that was shown stays good. */
  refreshToken: string | undefined;
}

/** A server's authorization server, and this machine as a client of it that can keep no secret (RFC 8252 section 8.4). */
export class AuthorizationServer {
  readonly #config: oauth.Configuration;

  private constructor(config: oauth.Configuration, name: string) {
    this.#config = config;
    const issuer = URL.parse(this.issuer);
    if (!issuer || nameOf(issuer) !== name) {
      // Tokens for that one would be sent to this one.
      throw new CliError(
        'OTHER_ADDRESS',
        `The server at ${name} calls itself ${issuer?.origin ?? 'something else'}. Log in at that address, or, if it is ` +
          'wrong, correct PICARD_PUBLIC_URL where the server runs.',
      );
    }
    requireSecure(issuer);
  }

  /** @param at where its metadata is asked for. @param name what it must call itself. */
  static async connect(at: URL, name: string, clientId: string): Promise<AuthorizationServer> {
    const connected = oauth.discovery(metadataOf(at), clientId, undefined, oauth.None(), options());
    return new AuthorizationServer(await told(connected, at), name);
  }

  /** Registers this machine as a new client (RFC 7591). */
  static async register(at: URL, name: string): Promise<AuthorizationServer> {
    const metadata = {
      client_name: clientName(),
      redirect_uris: [],
      response_types: [],
      grant_types: [DEVICE_GRANT, 'refresh_token'],
      token_endpoint_auth_method: 'none',
    };
    const registered = oauth.dynamicClientRegistration(metadataOf(at), metadata, oauth.None(), options());
    return new AuthorizationServer(await told(registered, at), name);
  }

  get issuer(): string {
    return this.#config.serverMetadata().issuer;
  }
  get clientId(): string {
    return this.#config.clientMetadata().client_id;
  }

  /** Asks for a code that a person enters elsewhere (RFC 8628 section 3.1), for GraphQL alone (RFC 8707). */
  begin(scopes: readonly string[]): Promise<oauth.DeviceAuthorizationResponse> {
    const asked = { scope: [...scopes, 'offline_access'].join(' '), resource: `${this.issuer}/graphql` };
    return this.#told(oauth.initiateDeviceAuthorization(this.#config, asked));
  }

  /** Asks as often as the server wishes, until the person has decided, the code runs out, or the signal aborts. */
  async poll(device: oauth.DeviceAuthorizationResponse, signal: AbortSignal): Promise<Tokens> {
    const polled = oauth.pollDeviceAuthorizationGrant(this.#config, device, undefined, { signal });
    return tokensOf(await this.#told(polled));
  }

  async refresh(refreshToken: string): Promise<Tokens> {
    return tokensOf(await this.#told(oauth.refreshTokenGrant(this.#config, refreshToken)));
  }

  /** Ends all that came of the consent (RFC 7009 section 2.1). */
  async revoke(refreshToken: string): Promise<void> {
    await this.#told(oauth.tokenRevocation(this.#config, refreshToken));
  }

  #told<T>(asked: Promise<T>): Promise<T> {
    return told(asked, new URL(this.issuer));
  }
}

/** As which people see it when they decide, and among their connected apps. */
export function clientName(): string {
  return `Picard CLI on ${hostname()}`.slice(0, MAX_NAME);
}

function tokensOf(answer: oauth.TokenEndpointResponse): Tokens {
  const { access_token: value, refresh_token: refreshToken, expires_in: seconds = 0 } = answer;
  return {
    accessToken: { value, expiresAt: new Date(Date.now() + seconds * 1_000).toISOString() },
    refreshToken,
  };
}

/** Beneath the issuer (OpenID Connect Discovery section 4), which the library does not hold against an address of ours. */
function metadataOf(server: URL): URL {
  return new URL(`${server.href.replace(/\/+$/, '')}/.well-known/openid-configuration`);
}

/** The library knows http for all or for none, so what it asks is looked at one by one. */
function options(): oauth.DynamicClientRegistrationRequestOptions {
  return {
    timeout: TIMEOUT_SECONDS,
    execute: [oauth.allowInsecureRequests],
    [oauth.customFetch]: (url, init) => {
      requireSecure(new URL(url));
      return fetch(url, init as RequestInit);
    },
  };
}
