import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PagesStage, PASSWORD, type AppOptions } from './pages-stage.ts';
import { PlainBrowser, type Shown } from './plain-browser.ts';

const DAY = 86_400;

let stage: PagesStage;
let browser: PlainBrowser;
beforeAll(async () => {
  stage = await PagesStage.open();
  await stage.person('anna');
  browser = new PlainBrowser(stage.url);
  const signIn = await browser.open(stage.authorization(await stage.app()).url);
  await browser.press(signIn, 'Sign in', { handle: 'anna', password: PASSWORD });
});
afterAll(() => stage[Symbol.asyncDispose]());

async function consent(
  options: AppOptions = {},
): Promise<{ page: Shown; clientId: string; verifier: string }> {
  const clientId = await stage.app(options);
  const { url, verifier } = stage.authorization(clientId, options);
  return { page: await browser.open(url), clientId, verifier };
}

/** The grant behind the code that came back. */
async function grantOf(back: URL) {
  const { provider } = stage.oauth;
  const code = await provider.AuthorizationCode.find(back.searchParams.get('code') ?? '');
  const grant = await provider.Grant.find(code?.grantId ?? '');
  if (!grant) throw new Error(`No grant behind ${back.href}`);
  return grant;
}

describe('what the consent tells', () => {
  test('who is signed in, what the app calls itself, and that nobody has checked that', async () => {
    const { page } = await consent({ name: '<script>alert(1)</script>\u202eedoC' });
    expect(page.text).toContain('Signed in as anna');
    expect(page.text).toContain('Let <script>alert(1)</script>edoC use your memories?');
    expect(page.html).not.toContain('<script>alert');
    expect(page.html).not.toContain('\u202e');
    expect(page.text).toContain('It registered by itself, and nobody has checked who made it.');
  });

  test.each([
    ['https://app.example.org/callback', 'app.example.org'],
    ['http://127.0.0.1:4567/callback', 'a program on this device (127.0.0.1:4567)'],
    ['http://[::1]:4567/callback', 'a program on this device ([::1]:4567)'],
    ['cursor://anysphere.cursor-mcp/oauth', 'the app cursor on this device'],
  ])('that access goes to %s', async (redirectUri, told) => {
    const { page } = await consent({ redirectUri });
    expect(page.text).toContain(`Access goes to ${told}`);
    const back = await browser.press(page, 'Deny');
    expect(back.url.href.startsWith(redirectUri)).toBe(true);
    expect(back.url.searchParams.get('error')).toBe('access_denied');
  });

  test('what it asks for, in words, and the choice only where there is one', async () => {
    const both = await consent();
    expect(both.page.text).toContain('Read your memories, and search in them');
    expect(both.page.text).toContain('Add, change and delete your memories');
    expect(both.page.text).toContain('Read only');
    const reading = await consent({ scope: 'memories:read' });
    expect(reading.page.text).not.toContain('Add, change and delete');
    expect(reading.page.text).not.toContain('Read only');
    const identity = await consent({ scope: 'openid' });
    expect(identity.page.text).toContain('Know which account this is');
  });
});

describe('what was chosen', () => {
  test('reading alone is all that is granted, and the question does not come back', async () => {
    const { page, clientId, verifier } = await consent({ scope: 'openid memories:read memories:write' });
    const back = await browser.press(page, 'Allow', { access: 'read' });
    const grant = await grantOf(back.url);
    expect(grant.getResourceScope(`${stage.url.origin}/mcp`)).toBe('memories:read');
    expect(grant.getOIDCScope().split(' ').sort()).toEqual(['memories:read', 'openid']);
    expect((await stage.redeem(clientId, back.url, verifier)).scope).toBe('memories:read');
  });

  test.each([
    ['30', 30 * DAY],
    ['90', 90 * DAY],
    ['365', 365 * DAY],
    ['never', 100 * 365 * DAY],
  ])('it ends after %s days', async (end, seconds) => {
    const before = Math.floor(Date.now() / 1_000);
    const { page } = await consent();
    const grant = await grantOf((await browser.press(page, 'Allow', { end })).url);
    expect((grant.exp ?? 0) - before).toBeGreaterThanOrEqual(seconds);
    expect((grant.exp ?? 0) - before).toBeLessThan(seconds + DAY / 24);
  });

  test('each consent stands for itself: a narrower one takes nothing from an earlier one', async () => {
    const clientId = await stage.app();
    const first = stage.authorization(clientId);
    const wide = await grantOf((await browser.press(await browser.open(first.url), 'Allow')).url);
    const again = stage.authorization(clientId);
    const asked = await browser.open(again.url);
    expect(asked.text).toContain('Add, change and delete');
    const back = await browser.press(asked, 'Allow', { access: 'read', end: '30' });
    const narrow = await grantOf(back.url);
    expect(narrow.jti).not.toBe(wide.jti);
    expect((await stage.redeem(clientId, back.url, again.verifier)).scope).toBe('memories:read');
    const kept = await stage.oauth.provider.Grant.find(wide.jti);
    expect(kept?.getResourceScope(`${stage.url.origin}/mcp`)).toBe('memories:read memories:write');
    // And it can be widened again.
    const third = stage.authorization(clientId);
    const widened = await browser.press(await browser.open(third.url), 'Allow');
    expect((await stage.redeem(clientId, widened.url, third.verifier)).scope).toContain('memories:write');
  });

  test('a choice that no page of ours offers is asked again', async () => {
    for (const [name, value] of [
      ['end', '100000'],
      ['access', 'everything'],
    ] as const) {
      const { page } = await consent();
      const again = await browser.press(page, 'Allow', { [name]: value });
      expect(again.status).toBe(422);
      expect(again.title).toContain('Error: Let Claude Code');
    }
  });

  test('the app is remembered as connected', async () => {
    const { page, clientId, verifier } = await consent({ name: 'Notebook' });
    const back = await browser.press(page, 'Allow');
    const { access_token: token } = await stage.redeem(clientId, back.url, verifier);
    expect(await stage.oauth.authenticate(token, 'mcp')).not.toBeNull();
  });
});

test('whoever comes back after deciding is taken on, and a form that is sent again changes nothing', async () => {
  const { page } = await consent();
  const path = page.url.pathname;
  const form = { method: 'POST', headers: { origin: stage.url.origin } };
  const first = await browser.request(new URL(`${path}/consent`, stage.url), {
    ...form,
    body: new URLSearchParams({ access: 'write', end: '30' }),
  });
  expect([first.status, first.headers.get('location')]).toEqual([303, path]);
  const second = await browser.request(new URL(`${path}/abort`, stage.url), form);
  expect([second.status, second.headers.get('location')]).toEqual([303, path]);
  const back = await browser.open(path);
  expect(back.url.searchParams.get('code')).toBeTruthy();
  const over = await browser.open(path);
  expect(over).toMatchObject({ status: 410, title: 'This sign-in is over – Picard' });
  expect(over.text).toContain('Go back to the app and connect it again.');
});

test('a consent cannot be given before anybody has signed in', async () => {
  const stranger = new PlainBrowser(stage.url);
  const signIn = await stranger.open(stage.authorization(await stage.app()).url);
  const sent = await stranger.request(new URL(`${signIn.url.pathname}/consent`, stage.url), {
    method: 'POST',
    headers: { origin: stage.url.origin },
    body: new URLSearchParams({ access: 'write', end: 'never' }),
  });
  expect([sent.status, sent.headers.get('location')]).toEqual([303, signIn.url.pathname]);
  expect((await stranger.open(signIn.url)).title).toBe('Sign in – Picard');
});
