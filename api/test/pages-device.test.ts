import { afterAll, beforeAll, expect, test } from 'vitest';
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

async function post(path: string, fields: Record<string, string>): Promise<Record<string, string>> {
  const response = await fetch(new URL(path, stage.url), {
    method: 'POST',
    body: new URLSearchParams(fields),
  });
  return (await response.json()) as Record<string, string>;
}

const begin = (scope = 'memories:read memories:write') =>
  post('/oauth/device_authorization', { client_id: clientId, scope });

const poll = ({ device_code: code = '' }: Record<string, string>) =>
  post('/oauth/token', {
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code: code,
    client_id: clientId,
  });

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

test('signs out, or stays, and is told which', async () => {
  const browser = new PlainBrowser(stage.url);
  const signIn = await browser.open(stage.authorization(clientId).url);
  await browser.press(signIn, 'Sign in', { handle: 'anna', password: PASSWORD });
  const stay = await browser.press(await browser.open('/oauth/logout'), 'Stay signed in');
  expect(stay.title).toBe('Still signed in – Picard');
  expect((await browser.open(stage.authorization(clientId).url)).text).toContain('Signed in as anna');
  const ask = await browser.open('/oauth/logout');
  expect(ask.title).toBe('Sign out? – Picard');
  const done = await browser.press(ask, 'Sign out');
  expect(done).toMatchObject({ status: 200, title: 'Signed out – Picard' });
  expect((await browser.open(stage.authorization(clientId).url)).title).toBe('Sign in – Picard');
});
