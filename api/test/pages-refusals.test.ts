import { request as send } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PagesStage, PASSWORD } from './pages-stage.ts';
import { PlainBrowser, type Shown } from './plain-browser.ts';

let stage: PagesStage;
let clientId: string;
let browser: PlainBrowser;
let signIn: Shown;
beforeAll(async () => {
  stage = await PagesStage.open();
  await stage.person('anna');
  clientId = await stage.app();
  browser = new PlainBrowser(stage.url);
  signIn = await browser.open(stage.authorization(clientId).url);
});
afterAll(() => stage[Symbol.asyncDispose]());

const right = () => new URLSearchParams({ handle: 'anna', password: PASSWORD });
const submit = (headers: Record<string, string>, body: BodyInit = right()) =>
  browser.request(new URL(`${signIn.url.pathname}/sign-in`, stage.url), { method: 'POST', headers, body });

describe('a form of another site', () => {
  test.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['an origin that is hidden', { origin: 'null' }],
    ['another site, by the browser', { origin: 'http://localhost', 'sec-fetch-site': 'cross-site' }],
    ['another host of the site', { 'sec-fetch-site': 'same-site' }],
  ])('is refused: %s', async (_name, headers) => {
    const response = await submit(headers);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('<h1>This came from another site</h1>');
    expect((await browser.open(signIn.url)).title).toBe('Sign in – Picard');
  });

  test('is refused at the links too', async () => {
    const link = new URL(await stage.link('ivan', 'claim'), stage.url);
    const body = new URLSearchParams({ token: link.searchParams.get('token') ?? '', handle: 'evil' });
    const response = await fetch(new URL('/account/claim', stage.url), {
      method: 'POST',
      headers: { 'sec-fetch-site': 'cross-site' },
      body,
    });
    expect(response.status).toBe(403);
    expect((await browser.open(link)).status).toBe(200);
  });
});

describe('a request that is not as it must be', () => {
  test('is too long, whether it says so or not', async () => {
    const origin = { origin: stage.url.origin };
    expect((await submit(origin, new URLSearchParams({ handle: 'a'.repeat(17_000) }))).status).toBe(413);
    const status = await new Promise((resolve, reject) => {
      const request = send(new URL(`${signIn.url.pathname}/sign-in`, stage.url), {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'transfer-encoding': 'chunked' },
      });
      request.on('response', (response) => resolve(response.statusCode)).on('error', reject);
      request.write('a'.repeat(10_000));
      request.end('a'.repeat(10_000));
    });
    expect(status).toBe(413);
  });

  test('is no form', async () => {
    const response = await submit({ origin: stage.url.origin, 'content-type': 'application/json' }, '{}');
    expect(response.status).toBe(415);
  });

  test.each([
    ['/interaction/x/consent', 'GET', 'POST'],
    ['/interaction/x/sign-in', 'DELETE', 'GET, HEAD, POST'],
    ['/interaction/x', 'POST', 'GET, HEAD'],
    ['/account/claim', 'PUT', 'GET, HEAD, POST'],
    ['/pages/x/style.css', 'POST', 'GET, HEAD'],
  ])('has a method that %s does not know: %s', async (path, method, allow) => {
    const response = await fetch(new URL(path, stage.url), { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
    expect(await response.text()).toContain('<!doctype html>');
  });

  test.each(['/interaction/', '/interaction/x/y', '/interaction/x/sign-in/z', '/pages/x/y.css'])(
    'is for %s, where nothing is',
    async (path) => {
      const response = await fetch(new URL(path, stage.url));
      expect(response.status).toBe(404);
    },
  );
});

test('an interaction belongs to the browser that began it', async () => {
  const stranger = new PlainBrowser(stage.url);
  expect(await stranger.open(signIn.url)).toMatchObject({
    status: 410,
    title: 'This sign-in is over – Picard',
  });
  const other = await stranger.open(stage.authorization(clientId).url);
  const [cookie] = stranger.cookies.filter(
    ({ path }) => path === other.url.pathname && path.includes('interaction'),
  );
  const signature = stranger.cookies.filter(({ path }) => path === other.url.pathname);
  expect(cookie).toBeDefined();
  const response = await fetch(signIn.url, {
    headers: { cookie: signature.map(({ name, value }) => `${name}=${value}`).join('; ') },
  });
  expect(response.status).toBe(410);
});

test('too many attempts are told with the time to try again', async () => {
  await stage.person('kurt');
  const form = () =>
    submit({ origin: stage.url.origin }, new URLSearchParams({ handle: 'kurt', password: 'wrong password' }));
  let response = await form();
  for (let attempt = 0; attempt < 20 && response.status === 422; attempt += 1) response = await form();
  expect(response.status).toBe(429);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  const html = await response.text();
  expect(html).toContain('<h1>Too many attempts</h1>');
  expect(html).toMatch(/Try again in \d+ (seconds|minutes), from \d\d:\d\d UTC on/);
});

describe('what the authorization server cannot answer to an app', () => {
  test.each([
    ['client_id=nobody', 'This app is not known here'],
    ['redirect_uri=https://evil.example/', 'This app cannot be connected'],
    ['client_id=', 'This did not work'],
    ['client_id=%3Cscript%3Ealert(1)%3C%2Fscript%3E', 'This app is not known here'],
  ])('is told on a page: %s', async (change, title) => {
    const { url } = stage.authorization(clientId);
    for (const [name, value] of new URLSearchParams(change)) url.searchParams.set(name, value);
    const page = await browser.open(url);
    expect(page.title).toBe(`${title} – Picard`);
    expect(page.status).toBe(400);
    expect(page.html).not.toContain('<script>alert');
  });
});
