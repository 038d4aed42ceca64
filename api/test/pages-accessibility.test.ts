import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessibilityProblems, chromiumPath, launchChromium } from './chromium.ts';
import { PagesStage, PASSWORD } from './pages-stage.ts';

/** A folder to keep pictures in, for whoever would like to see them. */
const pictures = process.env['PICARD_TEST_PICTURES'];

const VIEWS = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [320, 1280].map((width) => ({ colorScheme, width })),
);

describe.skipIf(!chromiumPath && !process.env['CI'])(
  'in Chromium (skipped where there is none on the PATH)',
  () => {
    let stage: PagesStage;
    let browser: Browser;
    let context: BrowserContext;
    let page: Page;
    const violations: string[] = [];

    beforeAll(async () => {
      stage = await PagesStage.open();
      await stage.person('anna');
      browser = await launchChromium();
      // What moves is looked at when it has come to rest.
      context = await browser.newContext({ reducedMotion: 'reduce' });
      page = await context.newPage();
      // What the policy of a page forbids the page itself is told here.
      page.on('console', (message) => {
        if (message.type() === 'error' && !/status of 4\d\d/.test(message.text()))
          violations.push(message.text());
      });
      page.on('pageerror', (error) => violations.push(error.message));
    });
    afterAll(async () => {
      await browser?.close();
      await stage?.[Symbol.asyncDispose]();
    });

    /** In every theme and width: nothing that axe finds, no scrolling sideways, the policy kept. */
    async function looksRight(name: string): Promise<void> {
      for (const { colorScheme, width } of VIEWS) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        const view = `${name} ${colorScheme} ${width}`;
        if (pictures) {
          mkdirSync(pictures, { recursive: true });
          await page.screenshot({ path: join(pictures, `${view.replaceAll(' ', '-')}.png`), fullPage: true });
        }
        expect(await accessibilityProblems(page), view).toEqual([]);
        const wide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
        expect(wide, `${view} scrolls sideways`).toBe(false);
      }
      expect(violations).toEqual([]);
    }

    const authorize = async (options: Parameters<PagesStage['app']>[0] = {}): Promise<void> => {
      await page.goto(stage.authorization(await stage.app(options), options).url.href);
    };

    test('sign in', async () => {
      await authorize();
      await looksRight('sign-in');
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await looksRight('sign-in-error');
    });

    test('register, and its recovery codes', async () => {
      await page.getByRole('link', { name: 'Make an account' }).click();
      await looksRight('register');
      await page.getByRole('button', { name: 'Make the account' }).click();
      await looksRight('register-error');
      await page.getByLabel('Handle').fill('dora');
      await page.getByLabel('New password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Make the account' }).click();
      await looksRight('recovery-codes');
      await page.emulateMedia({ media: 'print' });
      expect(await page.getByRole('link', { name: /kept them/ }).isVisible()).toBe(false);
      await page.emulateMedia({ media: 'screen' });
    });

    test('consent', async () => {
      await page.getByRole('link', { name: /kept them/ }).click();
      await page.waitForURL(/\/interaction\//);
      await looksRight('consent');
      await authorize({
        redirectUri: 'https://app.example.org/callback',
        scope: 'memories:read',
        name: 'Notes & more',
      });
      await looksRight('consent-read');
      await authorize({ redirectUri: 'cursor://anysphere.cursor-mcp/oauth', name: 'x'.repeat(100) });
      await looksRight('consent-scheme');
      await page.evaluate(() => {
        for (const option of document.querySelectorAll('option')) option.setAttribute('value', 'tomorrow');
      });
      await page.getByRole('button', { name: 'Allow' }).click();
      await looksRight('consent-error');
    });

    test('another account, a recovery code', async () => {
      await page.getByRole('button', { name: 'Use another account' }).click();
      await page.getByRole('link', { name: 'Use a recovery code' }).click();
      await looksRight('recovery-code');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await looksRight('recovery-code-error');
    });

    test('a device', async () => {
      const response = await fetch(new URL('/oauth/device_authorization', stage.url), {
        method: 'POST',
        body: new URLSearchParams({
          client_id: await stage.app({ name: 'Television' }),
          scope: 'memories:read',
        }),
      });
      const { user_code: code } = (await response.json()) as { user_code: string };
      await page.goto(new URL('/device', stage.url).href);
      await looksRight('device');
      await page.getByLabel('Code').fill('BCDF-GHJK');
      await page.getByRole('button', { name: 'Go on' }).click();
      await looksRight('device-error');
      await page.getByLabel('Code').fill(code);
      await page.getByRole('button', { name: 'Go on' }).click();
      await looksRight('device-confirm');
      await page.getByRole('button', { name: 'My device shows it' }).click();
      await page.waitForURL(/\/interaction\//);
      await looksRight('device-consent');
      await page.getByRole('button', { name: 'Allow' }).click();
      await page.waitForURL(/\/device\//);
      await looksRight('device-success');
    });

    test('links to claim an account and to set a password', async () => {
      await page.goto(new URL(await stage.link('emil', 'claim'), stage.url).href);
      await looksRight('claim');
      await page.getByRole('button', { name: 'Take the account' }).click();
      await looksRight('claim-error');
      await page.getByLabel('New password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Take the account' }).click();
      await looksRight('claim-codes');
      const link = new URL(await stage.link('emil', 'reset'), stage.url).href;
      await page.goto(link);
      await looksRight('reset');
      await page.getByLabel('New password').fill(`${PASSWORD}, or june`);
      await page.getByRole('button', { name: 'Set the password' }).click();
      await looksRight('reset-done');
      await page.goto(link);
      await looksRight('link-over');
    });

    test('signing out', async () => {
      await page.goto(new URL('/oauth/logout', stage.url).href);
      await looksRight('sign-out');
      await page.getByRole('button', { name: 'Sign out' }).click();
      await looksRight('signed-out');
    });

    test('errors', async () => {
      await page.goto(new URL('/oauth/authorize?client_id=nobody', stage.url).href);
      await looksRight('error');
      await page.goto(new URL('/interaction/nothing', stage.url).href);
      await looksRight('ended');
      await page.goto(new URL('/pages/nothing', stage.url).href);
      await looksRight('not-found');
    });
  },
);
