import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Services } from '../services.ts';
import type { AddressOf } from '../trusted-proxies.ts';
import { claim, reset, showClaim, showReset, type LinkRequest } from './account-links.ts';
import { serveAsset } from './assets.ts';
import { refusalOf } from './failures.ts';
import { takeStep } from './interaction.ts';
import { messagePage } from './message-page.ts';
import { methodNotAllowed, notFound } from './page-refusal.ts';
import { isForPeople, passOn } from './provider-requests.ts';
import { createPageHooks } from './provider-sources.ts';
import { isReading, readForm } from './read-form.ts';
import { sendPage } from './respond-page.ts';
import type { PagesOauth } from './step.ts';

/** The pages that people see, in a browser with or without JavaScript. */
export interface Pages {
  /** Whether a path of the service is a page's. */
  handles(pathname: string): boolean;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

const links = {
  '/account/claim': { show: showClaim, submit: claim },
  '/account/reset': { show: showReset, submit: reset },
} as const;
const isLink = (pathname: string): pathname is keyof typeof links => Object.hasOwn(links, pathname);

/** Also gives the authorization server the pages that it shows by itself. */
export function createPages(
  services: Services,
  oauth: PagesOauth,
  { publicUrl, addressOf }: { publicUrl: URL; addressOf: AddressOf },
): Pages {
  oauth.usePages(createPageHooks({ publicUrl }));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', publicUrl);
    const { pathname, searchParams } = url;
    if (pathname.startsWith('/pages/')) {
      if (!isReading(request)) throw methodNotAllowed('GET, HEAD');
      if (!serveAsset(request, response, pathname)) throw notFound();
      return;
    }
    if (isForPeople(pathname)) return passOn({ oauth, publicUrl, request, response, url });
    const from = { address: addressOf(request) };
    if (!isLink(pathname)) {
      return takeStep({ services, oauth, publicUrl, request, response, from, pathname });
    }
    const { show, submit } = links[pathname];
    const link = (token: string | null): LinkRequest => ({
      services,
      publicUrl,
      from,
      action: pathname,
      token: token ?? '',
    });
    if (!isReading(request) && request.method !== 'POST') throw methodNotAllowed('GET, HEAD, POST');
    const form = isReading(request) ? null : await readForm(request, publicUrl.origin);
    const { status, page } = form
      ? await submit(link(form.get('token')), form)
      : await show(link(searchParams.get('token')));
    sendPage(response, status, page, publicUrl);
  }

  return {
    handles: (pathname) =>
      /^\/(pages|interaction)\//.test(pathname) || isLink(pathname) || isForPeople(pathname),
    async handle(request, response) {
      try {
        await answer(request, response);
      } catch (error) {
        const { status, page, headers } = refusalOf(error, services.logger);
        if (response.headersSent) response.destroy();
        else sendPage(response, status, messagePage(page), publicUrl, headers);
      }
    },
  };
}
