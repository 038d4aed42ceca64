import { createAccountLink } from '../src/accounts/create-account-link.ts';
import { claimAccount } from '../src/accounts/claim-account.ts';
import { Browser, proofKey, type Person } from './oauth-browser.ts';
import { startTestPicard, type TestOptions, type TestPicard } from './picard.ts';

export interface Json {
  status: number;
  headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers of every shape are read
  body: any;
}

export interface Tokens {
  access_token: string;
  refresh_token: string;
  id_token?: string;
  scope: string;
  expires_in: number;
}

const NOBODY: Person = { handle: '', password: '' };

export const LOOPBACK = 'http://127.0.0.1/callback';

/** A Picard with an authorization server, one person, and what a host does with them. */
export class OauthStage implements AsyncDisposable {
  readonly picard: TestPicard;
  readonly accountId: string;
  readonly key: string;
  readonly browser: Browser;

  readonly person: Person;

  /** Whence the host asks, where the stage trusts this machine as a proxy: failures are limited by address. */
  from: string | null = null;

  private constructor(picard: TestPicard, accountId: string, key: string, person: Person) {
    this.picard = picard;
    this.accountId = accountId;
    this.key = key;
    this.person = person;
    this.browser = this.newBrowser();
  }

  /** On a database that a stage was on before. */
  static async reopen(former: OauthStage | null, options: TestOptions): Promise<OauthStage> {
    const picard = await startTestPicard(options);
    return new OauthStage(picard, former?.accountId ?? '', former?.key ?? '', former?.person ?? NOBODY);
  }

  newBrowser(person = this.person): Browser {
    return new Browser(this.issuer, this.picard.url, person);
  }

  static async open(options: TestOptions = {}): Promise<OauthStage> {
    const picard = await startTestPicard(options);
    const key = await picard.account('ada');
    const { viewer } = await picard.data<{ viewer: { user: { id: string } } }>(
      '{ viewer { user { id } } }',
      {},
      key,
    );
    const person = { handle: 'ada', password: 'a quiet morning in may' };
    const { services } = picard.picard;
    const { link } = await createAccountLink(services, { handle: person.handle, purpose: 'claim' });
    await claimAccount(services, { token: link.token, ...person }, { address: '192.0.2.1' });
    return new OauthStage(picard, viewer.user.id, key, person);
  }

  get issuer(): string {
    return this.picard.picard.http.oauth.addresses.issuer;
  }
  get resources(): { graphql: string; mcp: string } {
    return this.picard.picard.http.oauth.addresses.resources;
  }

  at(path: string): URL {
    const { pathname, search } = new URL(path, this.issuer);
    return new URL(`${pathname}${search}`, this.picard.url);
  }

  async json(path: string, init: RequestInit = {}): Promise<Json> {
    const headers = new Headers(init.headers);
    if (this.from !== null) headers.set('x-forwarded-for', this.from);
    const response = await fetch(this.at(path), { ...init, headers });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text ? parsed(text) : null };
  }

  post(path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Json> {
    return this.json(path, { method: 'POST', body: new URLSearchParams(form), headers });
  }

  register(metadata: Record<string, unknown>): Promise<Json> {
    return this.json('/oauth/register', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(metadata),
    });
  }

  /** A host on this machine, as most are. */
  async host(): Promise<string> {
    const { body } = await this.register({
      client_name: 'Host',
      redirect_uris: [LOOPBACK],
      token_endpoint_auth_method: 'none',
    });
    return body.client_id;
  }

  /** Begins an authorization that is right but for what is given otherwise; undefined leaves a parameter out. */
  async authorize(
    clientId: string,
    parameters: Record<string, string | undefined> = {},
    browser = this.browser,
  ): Promise<{ url?: URL; response?: Response; verifier: string }> {
    const { verifier, challenge } = proofKey();
    const url = this.at('/oauth/authorize');
    const all = {
      response_type: 'code',
      client_id: clientId,
      redirect_uri: 'http://127.0.0.1:43210/callback',
      scope: 'memories:read memories:write offline_access',
      state: 'a-state',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      resource: this.resources.graphql,
      ...parameters,
    };
    for (const [name, value] of Object.entries(all))
      if (value !== undefined) url.searchParams.set(name, value);
    return { ...(await browser.follow(url)), verifier };
  }

  /** What redeems a fresh code. */
  async code(
    clientId: string,
    parameters: Record<string, string | undefined> = {},
  ): Promise<Record<string, string>> {
    const { url, response, verifier } = await this.authorize(clientId, parameters);
    const code = url?.searchParams.get('code');
    if (!code) throw new Error(`No code: ${url?.href ?? `${response?.status} ${await response?.text()}`}`);
    return {
      grant_type: 'authorization_code',
      code,
      client_id: clientId,
      redirect_uri: parameters['redirect_uri'] ?? 'http://127.0.0.1:43210/callback',
      code_verifier: verifier,
    };
  }

  async tokens(clientId: string, parameters: Record<string, string | undefined> = {}): Promise<Tokens> {
    const { status, body } = await this.post('/oauth/token', await this.code(clientId, parameters));
    if (status !== 200) throw new Error(JSON.stringify(body));
    return body;
  }

  refresh(clientId: string, token: string, more: Record<string, string> = {}): Promise<Json> {
    return this.post('/oauth/token', {
      grant_type: 'refresh_token',
      refresh_token: token,
      client_id: clientId,
      ...more,
    });
  }

  /** The status with which a face answers to a token. */
  async statusAt(face: 'graphql' | 'mcp' | 'rest', token: string): Promise<number> {
    const [path, body] = {
      graphql: ['/graphql', { query: '{ viewer { user { id } } }' }],
      mcp: ['/mcp', { jsonrpc: '2.0', id: 1, method: 'ping' }],
      rest: ['/api/tools', { tool: 'nothing_of_this_name', data: {} }],
    }[face] as [string, object];
    const response = await fetch(this.at(path), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify(body),
    });
    await response.body?.cancel();
    return response.status;
  }

  /** Waits until a face refuses the token, as it must within a second. */
  async refusedWithinASecond(face: 'graphql' | 'mcp', token: string): Promise<boolean> {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    return (await this.statusAt(face, token)) === 401;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.picard[Symbol.asyncDispose]();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
