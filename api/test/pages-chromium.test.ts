import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, launchChromium } from './chromium.ts';
import { startLoopbackApp, type LoopbackApp } from './loopback-app.ts';
import { PagesStage, PASSWORD } from './pages-stage.ts';

describe.skipIf(!chromiumPath && !process.env['CI'])(
  'in Chromium (skipped where there is none on the PATH)',
  () => {
    let stage: PagesStage;
    let browser: Browser;
    let app: LoopbackApp;
    let clientId: string;
    let context: BrowserContext;
    let page: Page;

    beforeAll(async () => {
      stage = await PagesStage.open();
      await stage.person('anna');
      app = await startLoopbackApp();
      clientId = await stage.app(app);
      browser = await launchChromium();
    });
    afterAll(async () => {
      await browser?.close();
      app?.close();
      await stage?.[Symbol.asyncDispose]();
    });
    afterEach(() => context.close());

    const open = async (options: Parameters<Browser['newContext']>[0] = {}): Promise<void> => {
      context = await browser.newContext(options);
      page = await context.newPage();
      await page.goto(stage.authorization(clientId, app).url.href);
    };
    const isBack = async (): Promise<URLSearchParams> => {
      await page.waitForURL(`${app.site}/done?**`);
      return new URL(page.url()).searchParams;
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
      const answer = await isBack();
      expect(answer.get('state')).toBe('state-of-the-app');
      const code = await stage.oauth.provider.AuthorizationCode.find(answer.get('code') ?? '');
      expect(code?.scope).toBe('memories:read');
    });

    test('without JavaScript: signs in, denies, and the app hears of it', async () => {
      await open({ javaScriptEnabled: false });
      await page.getByLabel('Handle').fill('anna');
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('button', { name: 'Deny' }).click();
      expect((await isBack()).get('error')).toBe('access_denied');
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
      const code = await stage.oauth.provider.AuthorizationCode.find((await isBack()).get('code') ?? '');
      expect(code?.scope).toBe('memories:read');
      const grant = await stage.oauth.provider.Grant.find(code?.grantId ?? '');
      expect((grant?.exp ?? 0) - Date.now() / 1_000).toBeGreaterThan(366 * 86_400);
    });

    test('is answered to an app at an IPv6 address of this machine too', async () => {
      const server = createServer((_request, response) => response.end('<title>Back</title>')).listen(
        0,
        '::1',
      );
      await once(server, 'listening');
      try {
        const redirectUri = `http://[::1]:${(server.address() as AddressInfo).port}/callback`;
        const { url } = stage.authorization(await stage.app({ redirectUri }), { redirectUri });
        context = await browser.newContext();
        page = await context.newPage();
        await page.goto(url.href);
        await page.getByRole('button', { name: /^Cancel/ }).click();
        await page.waitForURL(`${redirectUri}?**`);
        expect(new URL(page.url()).searchParams.get('error')).toBe('access_denied');
      } finally {
        server.close();
      }
    });

    test('signs out, and is taken to where the app would like', async () => {
      await open({ javaScriptEnabled: false });
      await page.getByLabel('Handle').fill('anna');
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      const signedOutUri = `${app.site}/signed-out`;
      const url = new URL('/oauth/logout', stage.url);
      url.searchParams.set('client_id', await stage.app({ ...app, signedOutUri }));
      url.searchParams.set('post_logout_redirect_uri', signedOutUri);
      await page.waitForSelector('text=Use another account');
      await page.goto(url.href);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.waitForURL(signedOutUri);
    });
  },
);
