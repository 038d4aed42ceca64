import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PagesStage, PASSWORD } from './pages-stage.ts';
import { PlainBrowser, type Shown } from './plain-browser.ts';

let stage: PagesStage;
let clientId: string;
beforeAll(async () => {
  stage = await PagesStage.open();
  await stage.person('anna');
  clientId = await stage.app({ name: 'Television' });
});
afterAll(() => stage[Symbol.asyncDispose]());

const begin = () => stage.device(clientId);

async function poll({ device_code: code = '' }: Record<string, string>): Promise<Record<string, string>> {
  const response = await fetch(new URL('/oauth/token', stage.url), {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: code,
      client_id: clientId,
    }),
  });
  return (await response.json()) as Record<string, string>;
}

async function enter(browser: PlainBrowser, code: string): Promise<Shown> {
  return browser.press(await browser.open('/device'), 'Go on', { user_code: code });
}

test('a device is connected by its code, once its person has compared and allowed it', async () => {
  const browser = new PlainBrowser(stage.url);
  const device = await begin();
  const page = await browser.open('/device');
  expect(page).toMatchObject({ status: 200, title: 'Connect a device – Picard' });
  const confirm = await browser.press(page, 'Go on', { user_code: device['user_code']?.toLowerCase() ?? '' });
  expect(confirm.title).toBe('Is this your device? – Picard');
  expect(confirm.text).toContain(device['user_code']);
  expect(confirm.text).toContain('Television asks to be connected');
  expect(confirm.text).toContain('If somebody sent you the code or a link to this page, refuse');
  expect(await poll(device)).toMatchObject({ error: 'authorization_pending' });
  const signIn = await browser.press(confirm, 'My device shows it');
  const consent = await browser.press(signIn, 'Sign in', { handle: 'anna', password: PASSWORD });
  expect(consent.text).toContain('Access goes to the device whose code you entered');
  const done = await browser.press(consent, 'Allow', { access: 'read' });
  expect(done).toMatchObject({ status: 200, title: 'Connected – Picard' });
  expect(done.text).toContain('Television can use Picard now');
  expect(await poll(device)).toMatchObject({ scope: 'memories:read' });
});

test('a code that is unknown, missing or used is told by its field', async () => {
  const browser = new PlainBrowser(stage.url);
  const unknown = await enter(browser, 'XXXX-<b>XXXX');
  expect(unknown.title).toBe('Error: Connect a device – Picard');
  expect(unknown.text).toContain('This code is not known');
  expect(unknown.html).toContain('aria-describedby="field-user_code-hint field-user_code-error"');
  expect(unknown.html).not.toContain('<b>XXXX');
  expect((await browser.press(unknown, 'Go on', { user_code: '' })).text).toContain('Enter the code');
  const device = await begin();
  await browser.press(await enter(browser, device['user_code'] ?? ''), 'My device shows it');
  const used = await enter(browser, device['user_code'] ?? '');
  expect(used.text).toContain('This code was used already');
});

test('who refuses at the code, or later, is told so, and so is the device', async () => {
  const browser = new PlainBrowser(stage.url);
  const first = await begin();
  const refused = await browser.press(await enter(browser, first['user_code'] ?? ''), 'Refuse');
  expect(refused.title).toBe('Not connected – Picard');
  expect(await poll(first)).toMatchObject({ error: 'access_denied' });

  const second = await begin();
  const signIn = await browser.press(await enter(browser, second['user_code'] ?? ''), 'My device shows it');
  const cancelled = await browser.press(signIn, 'Cancel and go back to Television');
  expect(cancelled.title).toBe('Not connected – Picard');
  expect(await poll(second)).toMatchObject({ error: 'access_denied' });
});

describe('a code that stands in the address, as a picture to scan has it', () => {
  const bring = (browser: PlainBrowser, code = '') =>
    browser.open(`/device?user_code=${encodeURIComponent(code)}`);

  test('need not be entered, but must be compared', async () => {
    const browser = new PlainBrowser(stage.url);
    const device = await begin();
    const address = new URL(device['verification_uri_complete'] ?? '');
    expect(address.pathname + address.search).toBe(`/device?user_code=${device['user_code']}`);
    const confirm = await browser.open(address);
    expect(confirm).toMatchObject({ status: 200, title: 'Is this your device? – Picard' });
    expect(confirm.text).toContain(`Your device must show this code: ${device['user_code']}`);
    expect(confirm.html).not.toContain('<script');
    expect(confirm.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await poll(device)).toMatchObject({ error: 'authorization_pending' });
    const signIn = await browser.press(confirm, 'My device shows it');
    const consent = await browser.press(signIn, 'Sign in', { handle: 'anna', password: PASSWORD });
    await browser.press(consent, 'Allow', { access: 'read' });
    expect(await poll(device)).toMatchObject({ scope: 'memories:read' });
    expect((await bring(browser, device['user_code'])).text).toContain('This code was used already');
  });

  test('is refused by who did not begin it', async () => {
    const browser = new PlainBrowser(stage.url);
    const device = await begin();
    const confirm = await bring(browser, device['user_code']?.toLowerCase().replace('-', ' '));
    const refused = await browser.press(confirm, 'Refuse');
    expect(refused.title).toBe('Not connected – Picard');
    expect(await poll(device)).toMatchObject({ error: 'access_denied' });
    expect((await bring(browser, device['user_code'])).text).toContain('This code was used already');
  });

  test.each(['BCDF-GHJK', '<b>bold</b>', '\u0000', '-'])(
    'is told by its field when it is unknown: %j',
    async (code) => {
      const page = await bring(new PlainBrowser(stage.url), code);
      expect(page.title).toBe('Error: Connect a device – Picard');
      expect(page.text).toContain('This code is not known');
      expect(page.html).not.toContain('<b>bold');
    },
  );
});

test.each([
  ['*/*', 'text/html; charset=utf-8'],
  ['text/html', 'text/html; charset=utf-8'],
  ['application/json', 'application/json; charset=utf-8'],
])('a form without the cookies of its page is answered to who takes %s as %s', async (accept, type) => {
  const body = new URLSearchParams({ user_code: 'BCDF-GHJK' });
  const response = await fetch(new URL('/device', stage.url), { method: 'POST', headers: { accept }, body });
  expect([response.status, response.headers.get('content-type')]).toEqual([400, type]);
  const text = await response.text();
  if (accept !== 'application/json')
    expect(text).toContain('<a class="button" href="/device">Enter the code again</a>');
});
