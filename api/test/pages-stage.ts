import { createAccountLink } from '../src/accounts/create-account-link.ts';
import { createAccount } from '../src/accounts/create-account.ts';
import { registerAccount } from '../src/accounts/register-account.ts';
import type { Oauth } from '../src/oauth/open-oauth.ts';
import type { OpenServices } from '../src/open-services.ts';
import { proofKey } from './oauth-browser.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

export const PASSWORD = 'a quiet morning in may';

export interface AppOptions {
  redirectUri?: string;
  name?: string;
  scope?: string;
  /** Where it would like people to be sent when they have signed out. */
  signedOutUri?: string;
  /** More parameters of the authorization request. */
  more?: Record<string, string>;
}

/** A server with its pages, people and apps. */
export class PagesStage implements AsyncDisposable {
  readonly picard: TestPicard;

  private constructor(picard: TestPicard) {
    this.picard = picard;
  }

  static async open(env: Record<string, string> = {}): Promise<PagesStage> {
    return new PagesStage(await startTestPicard({ env }));
  }

  /** Where people reach it. */
  get url(): URL {
    return this.picard.picard.http.publicUrl;
  }
  /** Where it listens. */
  get listensAt(): URL {
    return this.picard.url;
  }
  get services(): OpenServices {
    return this.picard.picard.services;
  }
  get oauth(): Oauth {
    return this.picard.picard.http.oauth;
  }

  /** Somebody who has an account; answers their recovery codes. */
  async person(handle: string): Promise<string[]> {
    const { recoveryCodes } = await registerAccount(
      this.services,
      { handle, password: PASSWORD },
      { address: '192.0.2.1' },
    );
    return recoveryCodes;
  }

  /** An account that nobody has claimed, and the path of the link to do so. */
  async link(handle: string, purpose: 'claim' | 'reset'): Promise<string> {
    if (purpose === 'claim') await createAccount(this.services, { handle });
    const { link } = await createAccountLink(this.services, { handle, purpose });
    return `/account/${purpose}?token=${link.token}`;
  }

  /** An app that registers itself. */
  async app({
    redirectUri = 'http://127.0.0.1/callback',
    name = 'Claude Code',
    signedOutUri,
  }: AppOptions = {}): Promise<string> {
    const response = await fetch(new URL('/oauth/register', this.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        client_name: name,
        redirect_uris: [redirectUri],
        ...(signedOutUri && { post_logout_redirect_uris: [signedOutUri] }),
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
      }),
    });
    const body = (await response.json()) as { client_id: string };
    if (!response.ok) throw new Error(JSON.stringify(body));
    return body.client_id;
  }

  /** What an app opens in a browser, and the proof key to redeem the code with. */
  authorization(clientId: string, options: AppOptions = {}): { url: URL; verifier: string } {
    const { redirectUri = 'http://127.0.0.1/callback', scope = 'memories:read memories:write' } = options;
    const { verifier, challenge } = proofKey();
    const url = new URL('/oauth/authorize', this.url);
    url.search = new URLSearchParams({
      client_id: clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope,
      state: 'state-of-the-app',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...options.more,
    }).toString();
    return { url, verifier };
  }

  /** Begins the device flow (RFC 8628), as a device that registered as this app; answers what it is told. */
  async device(clientId: string, scope = 'memories:read memories:write'): Promise<Record<string, string>> {
    const response = await fetch(new URL('/oauth/device_authorization', this.url), {
      method: 'POST',
      body: new URLSearchParams({ client_id: clientId, scope }),
    });
    return (await response.json()) as Record<string, string>;
  }

  /** Redeems the code that came back to the app. */
  async redeem(
    clientId: string,
    back: URL,
    verifier: string,
  ): Promise<{ scope: string; access_token: string }> {
    const redirectUri = new URL(back);
    redirectUri.search = '';
    const response = await fetch(new URL('/oauth/token', this.url), {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: clientId,
        code: back.searchParams.get('code') ?? '',
        redirect_uri: redirectUri.href,
        code_verifier: verifier,
      }),
    });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as { scope: string; access_token: string };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.picard[Symbol.asyncDispose]();
  }
}
