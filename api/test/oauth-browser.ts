import { createHash, randomBytes } from 'node:crypto';

export interface Person {
  handle: string;
  password: string;
}

/** A browser that keeps cookies, and the person before it, who signs in where asked and allows all that is asked. */
export class Browser {
  readonly #origin: string;
  readonly #server: URL;
  readonly #person: Person;
  readonly cookies = new Map<string, string>();
  /** The pages that were answered, by what their form does. */
  readonly answered: string[] = [];

  /** @param server where it listens, if it is not where others reach it. */
  constructor(issuer: string, server: URL, person: Person) {
    this.#origin = new URL(issuer).origin;
    this.#server = server;
    this.#person = person;
  }

  async fetch(url: URL, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('cookie', this.#cookieHeader());
    headers.set('user-agent', 'Test browser');
    if (init.method === 'POST') headers.set('origin', this.#origin);
    const { pathname, search } = url;
    const response = await fetch(new URL(`${pathname}${search}`, this.#server), {
      ...init,
      headers,
      redirect: 'manual',
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  /** Follows an authorization until it leaves the server: answers where to, or the response that went no further. */
  async follow(start: URL, init: RequestInit = {}): Promise<{ url: URL } | { response: Response }> {
    let url = start;
    let response = await this.fetch(url, init);
    for (let step = 0; step < 30; step += 1) {
      const location = response.headers.get('location') ?? (await this.#wayOn(url, response));
      if (location === null) return { response };
      if (typeof location !== 'string') {
        url = new URL(location.action, url);
        response = await this.fetch(url, { method: 'POST', body: new URLSearchParams(location.form) });
        continue;
      }
      url = new URL(location, url);
      if (url.origin !== this.#origin && url.origin !== this.#server.origin) return { url };
      response = await this.fetch(url);
    }
    throw new Error('The authorization goes in circles');
  }

  /** What a person does with a page of an authorization; null for a page that is its end. */
  async #wayOn(
    url: URL,
    response: Response,
  ): Promise<string | { action: string; form: Record<string, string> } | null> {
    if (response.status !== 200 || !url.pathname.startsWith('/interaction/')) return null;
    const html = await response.clone().text();
    const action = /action="([^"]+\/(sign-in|consent))"/.exec(html);
    if (action?.[1] !== undefined && action[2] !== undefined) {
      this.answered.push(action[2]);
      const form: Record<string, string> =
        action[2] === 'sign-in' ? { ...this.#person } : { access: 'write', end: '90' };
      return { action: action[1], form };
    }
    const link = /<a class="button" href="([^"]+)"/.exec(html)?.[1];
    if (link === undefined) throw new Error(`A page without a way on: ${html}`);
    return link.replaceAll('&amp;', '&').replaceAll('&#38;', '&');
  }

  #cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }
}

/** A proof key (RFC 7636). */
export function proofKey(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}
