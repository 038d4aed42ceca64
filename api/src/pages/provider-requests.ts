import type { IncomingMessage, ServerResponse } from 'node:http';
import { bringUserCode } from './brought-code.ts';
import { isReading, readFields } from './read-form.ts';
import { sendPage } from './respond-page.ts';
import { signedOutPage } from './signed-out-page.ts';
import type { PagesOauth } from './step.ts';

/** What people, and nobody else, ask of the authorization server itself. */
export const isForPeople = (pathname: string): boolean => /^\/(device|oauth\/logout)(\/|$)/.test(pathname);

export interface ProviderRequest {
  oauth: PagesOauth;
  publicUrl: URL;
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
}

/**
 * Has the library answer, but where it would show a page of its own: for those it sends a form that a script is to press,
 * with nothing that a person could read.
 */
export async function passOn(asked: ProviderRequest): Promise<void> {
  const { oauth, request, response, url } = asked;
  // Whoever does not say what they take is shown a page.
  if (!request.headers.accept?.includes('json')) request.headers.accept = 'text/html';
  const code = url.searchParams.get('user_code');
  if (url.pathname === '/device' && isReading(request) && code) bringUserCode(request, code);
  if (url.pathname.startsWith('/oauth/logout') && (await answerSignOut(asked))) return;
  await oauth.handle(request, response);
}

/** Whether the request was answered. */
async function answerSignOut(asked: ProviderRequest): Promise<boolean> {
  const { oauth, publicUrl, request, response, url } = asked;
  const seeOther = (query = ''): boolean => {
    response.writeHead(303, { location: `/oauth/logout${query}`, 'cache-control': 'no-store' }).end();
    return true;
  };
  if (url.pathname === '/oauth/logout/confirm' && isReading(request)) return seeOther();
  if (url.pathname !== '/oauth/logout') return false;
  // A form of an app's site comes without cookies (SameSite=Lax): it would sign out whoever is signed in, unasked.
  if (request.method === 'POST') return seeOther(`?${await readFields(request)}`);
  const { provider } = oauth;
  const { accountId } = await provider.Session.get(provider.createContext(request, response));
  if (!isReading(request) || accountId !== undefined) return false;
  sendPage(response, 200, await signedOutPage(provider, url.searchParams), publicUrl);
  return true;
}
