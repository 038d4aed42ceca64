import { afterAll, beforeAll, expect, test } from 'vitest';
import { PagesStage, PASSWORD } from './pages-stage.ts';
import { PlainBrowser } from './plain-browser.ts';

let stage: PagesStage;
let browser: PlainBrowser;
beforeAll(async () => {
  stage = await PagesStage.open();
  browser = new PlainBrowser(stage.url);
});
afterAll(() => stage[Symbol.asyncDispose]());

const over = { status: 410, title: 'This link is not good any more – Picard' };

test('claims an account, by a link that is good until it was used', async () => {
  const link = await stage.link('frida', 'claim');
  await browser.open(link);
  const page = await browser.open(link);
  expect(page).toMatchObject({ status: 200, title: 'Make this account yours – Picard' });
  expect(page.html).toContain('value="frida"');
  const refused = await browser.press(page, 'Take the account', { handle: 'Frida K', password: PASSWORD });
  expect(refused).toMatchObject({ status: 422, title: 'Error: Make this account yours – Picard' });
  const done = await browser.press(refused, 'Take the account', { handle: 'frida-k', password: PASSWORD });
  expect(done.title).toBe('Your recovery codes – Picard');
  expect(done.text).toContain('frida-k');
  expect(done.html.match(/<li><code>/g)).toHaveLength(10);
  expect(await browser.open(link)).toMatchObject(over);
  expect(await browser.press(page, 'Take the account', { password: PASSWORD })).toMatchObject(over);

  const signIn = await browser.open(stage.authorization(await stage.app()).url);
  const consent = await browser.press(signIn, 'Sign in', { handle: 'frida-k', password: PASSWORD });
  expect(consent.text).toContain('Signed in as frida-k');
});

test('sets a new password, which ends every session', async () => {
  await stage.person('gerd');
  const clientId = await stage.app();
  const at = new PlainBrowser(stage.url);
  await at.press(await at.open(stage.authorization(clientId).url), 'Sign in', {
    handle: 'gerd',
    password: PASSWORD,
  });
  const link = await stage.link('gerd', 'reset');
  const page = await browser.open(link);
  expect(page).toMatchObject({ status: 200, title: 'Set a new password – Picard' });
  expect(page.text).toContain('For the account gerd');
  const short = await browser.press(page, 'Set the password', { password: 'short' });
  expect(short.text).toContain('The password must be at least 10 characters');
  const done = await browser.press(short, 'Set the password', { password: 'another quiet morning' });
  expect(done.title).toBe('Your password is set – Picard');
  expect(await browser.open(link)).toMatchObject(over);

  const signIn = await at.open(stage.authorization(clientId).url);
  expect(signIn.title).toBe('Sign in – Picard');
  const refused = await at.press(signIn, 'Sign in', { handle: 'gerd', password: PASSWORD });
  expect(refused.status).toBe(422);
  const consent = await at.press(signIn, 'Sign in', { handle: 'gerd', password: 'another quiet morning' });
  expect(consent.text).toContain('Signed in as gerd');
});

test.each(['/account/claim', '/account/reset', '/account/claim?token=', '/account/reset?token=nothing'])(
  'says at %s that the link is not good',
  async (path) => {
    expect(await browser.open(path)).toMatchObject(over);
  },
);

test('a link is good for what it was made for alone', async () => {
  const link = await stage.link('hans', 'claim');
  expect(await browser.open(link.replace('claim', 'reset'))).toMatchObject(over);
  expect((await browser.open(link)).status).toBe(200);
});
