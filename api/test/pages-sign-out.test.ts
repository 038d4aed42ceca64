import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { PagesStage, PASSWORD } from './pages-stage.ts';
import { PlainBrowser } from './plain-browser.ts';

const BYE = 'https://app.example.org/bye?from=picard';

let stage: PagesStage;
let clientId: string;
let browser: PlainBrowser;
beforeAll(async () => {
  stage = await PagesStage.open();
  await stage.person('anna');
  clientId = await stage.app({ signedOutUri: BYE });
});
afterAll(() => stage[Symbol.asyncDispose]());
beforeEach(() => {
  browser = new PlainBrowser(stage.url);
});

const authorize = () => browser.open(stage.authorization(clientId).url);
const signIn = async () =>
  browser.press(await authorize(), 'Sign in', { handle: 'anna', password: PASSWORD });
const signOut = (params: Record<string, string>) =>
  browser.open(`/oauth/logout?${new URLSearchParams(params)}`);
/** As an app has it: a token about Anna that was made for it. */
const hintFor = (audience: string): string =>
  [{ alg: 'none' }, { aud: audience }, 'x']
    .map((part) => btoa(JSON.stringify(part)).replaceAll('=', ''))
    .join('.');

test('signs out, or stays, and is told which', async () => {
  await signIn();
  const stay = await browser.press(await browser.open('/oauth/logout'), 'Stay signed in');
  expect(stay.title).toBe('Still signed in – Picard');
  expect((await authorize()).text).toContain('Signed in as anna');
  const ask = await browser.open('/oauth/logout');
  expect(ask.title).toBe('Sign out? – Picard');
  const done = await browser.press(ask, 'Sign out');
  expect(done).toMatchObject({ status: 200, title: 'Signed out – Picard' });
  expect((await authorize()).title).toBe('Sign in – Picard');
});

test('a page that was open for too long leads back to the question', async () => {
  await signIn();
  const ask = await browser.open('/oauth/logout');
  await browser.press(ask, 'Sign out');
  const again = await browser.press(ask, 'Sign out');
  expect(again).toMatchObject({ status: 400, title: 'This page is over – Picard' });
  expect((await browser.follow(again, 'Go to sign-out')).title).toBe('Signed out – Picard');
  expect((await browser.open('/oauth/logout/confirm')).title).toBe('Signed out – Picard');
});

test('where nobody is signed in, a page says so', async () => {
  for (const params of [{}, { client_id: 'nobody' }, { client_id: clientId }, { id_token_hint: 'x' }]) {
    const page = await signOut(params);
    expect(page).toMatchObject({ status: 200, title: 'Signed out – Picard', links: [] });
    expect(page.html).not.toContain('<script');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  }
});

test('where nobody is signed in, an app has people back at the address that it registered', async () => {
  const back = { post_logout_redirect_uri: BYE, state: 'a&b' };
  for (const who of [{ client_id: clientId }, { id_token_hint: hintFor(clientId) }]) {
    const { links } = await signOut({ ...back, ...(who as Record<string, string>) });
    expect(links.map(({ text, url }) => [text, url.href])).toEqual([
      ['Go on to app.example.org', 'https://app.example.org/bye?from=picard&state=a%26b'],
    ]);
  }
  for (const uri of ['https://evil.example/', `${BYE}&more`, 'javascript:alert(1)', 'nothing', '']) {
    const page = await signOut({ client_id: clientId, post_logout_redirect_uri: uri });
    expect(page).toMatchObject({ status: 200, links: [] });
  }
  const stranger = await stage.app();
  expect((await signOut({ ...back, client_id: stranger })).links).toEqual([]);
  expect((await signOut({ ...back, client_id: stranger, id_token_hint: hintFor(clientId) })).links).toEqual(
    [],
  );
});

test('a form of another site signs nobody out: it is asked as any other', async () => {
  await signIn();
  const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  const body = new URLSearchParams({ client_id: clientId, state: 'a&b' });
  // Such a form comes without the cookies of a page of ours.
  const sent = await fetch(new URL('/oauth/logout', stage.url), {
    method: 'POST',
    headers,
    body,
    redirect: 'manual',
  });
  expect([sent.status, sent.headers.getSetCookie()]).toEqual([303, []]);
  expect(sent.headers.get('location')).toBe(`/oauth/logout?client_id=${clientId}&state=a%26b`);
  expect((await browser.open(sent.headers.get('location') ?? '')).title).toBe('Sign out? – Picard');
  expect((await authorize()).text).toContain('Signed in as anna');
});
