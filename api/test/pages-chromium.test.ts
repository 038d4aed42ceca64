import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { opened } from './opened.ts';
import { ChromiumStage, inChromium } from './pages-chromium-stage.ts';
import { PASSWORD } from './pages-stage.ts';

inChromium(() => {
  const stage = opened(() => ChromiumStage.open());
  let context: BrowserContext;
  let page: Page;
  afterEach(() => context.close());

  const open = async (
    options: BrowserContextOptions = {},
    url = stage().authorization().url,
  ): Promise<void> => {
    context = await stage().newContext(options);
    page = await context.newPage();
    await page.goto(url.href);
  };
  const grantedCode = async () => {
    const code = (await stage().backInApp(page)).get('code') ?? '';
    return stage().pages.oauth.provider.AuthorizationCode.find(code);
  };

  test('without JavaScript: registers, keeps the codes, allows, and is back in the app', async () => {
    await open({ javaScriptEnabled: false });
    expect(await page.getByRole('button', { name: 'Sign in with a passkey' }).isVisible()).toBe(false);
    await page.getByRole('link', { name: 'Make an account' }).click();
    await page.getByLabel('Handle').fill('olga');
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByRole('link', { name: /kept them/ }).click();
    await page.getByLabel('Read only').check();
    await page.getByLabel('When does this end?').selectOption({ index: 0 });
    await page.getByRole('button', { name: 'Allow' }).click();
    expect((await grantedCode())?.scope).toBe('memories:read');
    expect(new URL(page.url()).searchParams.get('state')).toBe('state-of-the-app');
  });

  test('without JavaScript: signs in, denies, and the app hears of it', async () => {
    await open({ javaScriptEnabled: false });
    await stage().signIn(page);
    await page.getByRole('button', { name: 'Deny' }).click();
    expect((await stage().backInApp(page)).get('error')).toBe('access_denied');
  });

  test('by the keyboard alone, and what has the focus can be seen', async () => {
    await open();
    /** Goes on to the next thing with this name, as somebody would who sees where the focus is. */
    const reach = async (name: string): Promise<void> => {
      for (let step = 0; step < 30; step += 1) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate(() => {
          const element = document.activeElement as HTMLInputElement;
          const { outlineStyle, outlineWidth } = getComputedStyle(element);
          const label = element.labels?.[0]?.textContent ?? element.textContent;
          return {
            label: label.replaceAll(/\s+/g, ' ').trim(),
            outlineStyle,
            width: parseFloat(outlineWidth),
          };
        });
        if (at.label === '') continue;
        expect(at.outlineStyle, `the focus on ${at.label}`).toBe('solid');
        expect(at.width).toBeGreaterThanOrEqual(2);
        if (at.label.startsWith(name)) return;
      }
      throw new Error(`${name} cannot be reached`);
    };
    await reach('Handle');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.summary');
    expect(await page.evaluate('document.activeElement.className')).toBe('summary');
    await reach('Handle');
    await page.keyboard.type('anna');
    await reach('Password');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForSelector('text=Use another account');
    await reach('Read and write');
    await page.keyboard.press('ArrowDown');
    await reach('When does this end?');
    await page.keyboard.press('End');
    await reach('Allow');
    await page.keyboard.press('Enter');
    const code = await grantedCode();
    expect(code?.scope).toBe('memories:read');
    const grant = await stage().pages.oauth.provider.Grant.find(code?.grantId ?? '');
    expect((grant?.exp ?? 0) - Date.now() / 1_000).toBeGreaterThan(366 * 86_400);
  });

  test('is answered to an app at an IPv6 address of this machine too', async () => {
    const server = createServer((_request, response) => response.end('<title>Back</title>')).listen(0, '::1');
    await once(server, 'listening');
    try {
      const redirectUri = `http://[::1]:${(server.address() as AddressInfo).port}/callback`;
      await open(
        {},
        stage().pages.authorization(await stage().pages.app({ redirectUri }), { redirectUri }).url,
      );
      await page.getByRole('button', { name: /^Cancel/ }).click();
      await page.waitForURL(`${redirectUri}?**`);
      expect(new URL(page.url()).searchParams.get('error')).toBe('access_denied');
    } finally {
      server.close();
    }
  });

  test('signs out, and is taken to where the app would like', async () => {
    await open({ javaScriptEnabled: false });
    await stage().signIn(page);
    const signedOutUri = `${stage().app.site}/signed-out`;
    const url = new URL('/oauth/logout', stage().pages.url);
    url.searchParams.set('client_id', await stage().pages.app({ ...stage().app, signedOutUri }));
    url.searchParams.set('post_logout_redirect_uri', signedOutUri);
    await page.goto(url.href);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(signedOutUri);
  });
});
