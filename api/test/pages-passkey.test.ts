import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addPasskey } from '../src/accounts/add-passkey.ts';
import { beginPasskey } from '../src/accounts/begin-passkey.ts';
import type { Viewer } from '../src/accounts/viewer.ts';
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

    beforeEach(async () => {
      context = await browser.newContext();
      page = await context.newPage();
      await page.goto(stage.authorization(clientId, app).url.href);
      const debug = await context.newCDPSession(page);
      await debug.send('WebAuthn.enable');
      await debug.send('WebAuthn.addVirtualAuthenticator', {
        options: {
          protocol: 'ctap2',
          transport: 'internal',
          hasResidentKey: true,
          hasUserVerification: true,
          isUserVerified: true,
          automaticPresenceSimulation: true,
        },
      });
    });
    afterEach(() => context.close());

    const signIn = async (tab: Page): Promise<void> => {
      await tab.getByLabel('Handle').fill('anna');
      await tab.getByLabel('Password').fill(PASSWORD);
      await tab.getByRole('button', { name: 'Sign in', exact: true }).click();
      await tab.waitForSelector('text=Use another account');
    };

    /** Somebody who has just signed in, in a browser of their own. */
    async function recentViewer(): Promise<Viewer> {
      const other = await browser.newContext();
      try {
        const tab = await other.newPage();
        const { url, verifier } = stage.authorization(clientId, app);
        await tab.goto(url.href);
        await signIn(tab);
        await tab.getByRole('button', { name: 'Allow' }).click();
        await tab.waitForURL(`${app.site}/done?**`);
        const back = new URL(app.redirectUri);
        back.search = new URL(tab.url()).search;
        const { access_token: token } = await stage.redeem(clientId, back, verifier);
        const viewer = await stage.oauth.authenticate(token, 'mcp');
        if (!viewer) throw new Error('The token was not taken');
        return viewer;
      } finally {
        await other.close();
      }
    }

    test('a passkey signs in', async () => {
      const viewer = await recentViewer();
      const { origin } = stage.url;
      const options: object = await beginPasskey(stage.services, viewer, origin);
      const response = await page.evaluate(async (json) => {
        const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
          json as PublicKeyCredentialCreationOptionsJSON,
        );
        const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
        return made.toJSON();
      }, options);
      await addPasskey(stage.services, viewer, origin, { name: 'Test', response });
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
      await page.waitForSelector('text=Use another account');
      expect(await page.textContent('.who')).toContain('Signed in as anna');
    });

    test('one that is not known here is told in words, and the password still works', async () => {
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
      await page.waitForFunction(() =>
        /No passkey was used|could not be used/.test(
          document.querySelector('#passkey-status')?.textContent ?? '',
        ),
      );
      await signIn(page);
    });

    test('an answer that no authenticator gave signs nobody in', async () => {
      await page.evaluate(() => {
        const form = document.querySelector<HTMLFormElement>('#passkey');
        form?.querySelector('input')?.setAttribute('value', '{"id":"x"}');
        form?.submit();
      });
      await page.waitForSelector('text=This passkey was not taken');
      expect(await page.title()).toBe('Error: Sign in – Picard');
    });
  },
);
