/** A form of a page, as a browser without JavaScript has it. */
export interface Form {
  action: URL;
  fields: [string, string][];
  buttons: { text: string; name: string | undefined; value: string; action: URL | undefined }[];
}

/** A page that a browser shows, or the address outside of the server that it was sent to. */
export interface Shown {
  url: URL;
  status: number;
  headers: Headers;
  html: string;
  title: string;
  /** Without tags. */
  text: string;
  forms: Form[];
  links: { text: string; url: URL }[];
}

/**
 * A browser without JavaScript: keeps cookies by path, follows redirects and refreshes, fills forms. As the strictest of
 * them it holds `form-action 'self'` against each redirect that follows a form.
 */
export class PlainBrowser {
  readonly #origin: string;
  readonly #cookies = new Map<string, { name: string; value: string; path: string }>();

  constructor(server: URL) {
    this.#origin = server.origin;
  }

  /** Each cookie once, by the name and the path it was set for. */
  get cookies(): { name: string; value: string; path: string }[] {
    return [...this.#cookies.values()];
  }

  async open(url: URL | string, init: RequestInit = {}): Promise<Shown> {
    let target = new URL(url, this.#origin);
    let response = await this.request(target, init);
    for (let step = 0; step < 20; step += 1) {
      const location = response.headers.get('location');
      const html = location ? '' : await response.text();
      const refresh = /http-equiv="refresh" content="0; url=([^"]*)"/.exec(html)?.[1];
      const next = location ?? (refresh && decode(refresh));
      if (!next) return read(target, response, html);
      target = new URL(next, target);
      if (target.origin !== this.#origin) {
        const blocked = init.method === 'POST' && location !== null;
        if (blocked) throw new Error(`form-action 'self' forbids to follow to ${target.origin}`);
        return read(target, response, '');
      }
      if (refresh) init = {};
      response = await this.request(target);
    }
    throw new Error(`${target.href} goes in circles`);
  }

  /** Presses the button with this text, with these fields filled in. */
  async press(page: Shown, button: string, values: Record<string, string> = {}): Promise<Shown> {
    const form = page.forms.find((each) => each.buttons.some(({ text }) => text === button));
    const pressed = form?.buttons.find(({ text }) => text === button);
    if (!form || !pressed) throw new Error(`No button “${button}” on “${page.title}”: ${page.text}`);
    const body = new URLSearchParams(form.fields);
    for (const [name, value] of Object.entries(values)) {
      if (!body.has(name)) throw new Error(`No field ${name} on “${page.title}”`);
      body.set(name, value);
    }
    if (pressed.name) body.set(pressed.name, pressed.value);
    return this.open(pressed.action ?? form.action, {
      method: 'POST',
      body,
      headers: { origin: this.#origin, 'sec-fetch-site': 'same-origin' },
    });
  }

  async follow(page: Shown, link: string): Promise<Shown> {
    const found = page.links.find(({ text }) => text === link);
    if (!found) throw new Error(`No link “${link}” on “${page.title}”`);
    return this.open(found.url);
  }

  async request(url: URL, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('accept', 'text/html');
    const fitting = this.cookies.filter(({ path }) => url.pathname.startsWith(path));
    headers.set('cookie', fitting.map(({ name, value }) => `${name}=${value}`).join('; '));
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      const path = /path=([^;]+)/i.exec(cookie)?.[1] ?? '/';
      this.#cookies.set(`${name} ${path}`, { name, value, path });
      if (value === '') this.#cookies.delete(`${name} ${path}`);
    }
    return response;
  }
}

function read(url: URL, { status, headers }: Response, html: string): Shown {
  const base = url;
  const all = (pattern: RegExp, text = html) => [...text.matchAll(pattern)];
  const attribute = (tag: string, name: string): string | undefined => {
    const found = new RegExp(`\\s${name}(?:="([^"]*)")?(?=[\\s/>])`).exec(tag);
    return found ? decode(found[1] ?? '') : undefined;
  };
  const forms = all(/<form\b[\s\S]*?<\/form>/g).map(([form]): Form => {
    const [opening = ''] = /^<form[^>]*>/.exec(form) ?? [];
    const inputs = all(/<input\b[^>]*>/g, form).map(([tag]) => tag);
    const sent = inputs.filter(
      (tag) => attribute(tag, 'type') !== 'radio' || attribute(tag, 'checked') !== undefined,
    );
    const selects = all(/<select\b[^>]*name="([^"]*)"[\s\S]*?<\/select>/g, form).map(
      ([select, name = '']): [string, string] => [
        name,
        attribute(/<option\b[^>]*selected[^>]*>/.exec(select)?.[0] ?? '', 'value') ?? '',
      ],
    );
    return {
      action: new URL(attribute(opening, 'action') ?? '', base),
      fields: [
        ...sent.map((tag): [string, string] => [attribute(tag, 'name') ?? '', attribute(tag, 'value') ?? '']),
        ...selects,
      ],
      buttons: all(/(<button\b[^>]*>)([\s\S]*?)<\/button>/g, form).map(([, tag = '', text = '']) => {
        const action = attribute(tag, 'formaction');
        return {
          text: plain(text),
          name: attribute(tag, 'name'),
          value: attribute(tag, 'value') ?? '',
          action: action === undefined ? undefined : new URL(action, base),
        };
      }),
    };
  });
  return {
    url,
    status,
    headers,
    html,
    title: plain(/<title>([\s\S]*?)<\/title>/.exec(html)?.[1] ?? ''),
    text: plain(/<main[\s\S]*<\/main>/.exec(html)?.[0] ?? html),
    forms,
    links: all(/<a\b[^>]*href="([^"]*)"[^>]*>([\s\S]*?)<\/a>/g).map(([, href = '', text = '']) => ({
      text: plain(text),
      url: new URL(decode(href), base),
    })),
  };
}

const plain = (html: string): string =>
  decode(html.replaceAll(/<(?!\/?(?:strong|b|bdi|code|span)\b)[^>]*>/g, ' ').replaceAll(/<[^>]*>/g, ''))
    .replaceAll(/\s+/g, ' ')
    .trim();

const decode = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&#96;', '`')
    .replaceAll('&amp;', '&');
