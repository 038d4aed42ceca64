import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addPasskey } from '../src/accounts/add-passkey.ts';
import { beginPasskey } from '../src/accounts/begin-passkey.ts';
import type { Viewer } from '../src/accounts/viewer.ts';
import { opened } from './opened.ts';
import { ChromiumStage, inChromium } from './pages-chromium-stage.ts';

inChromium(() => {
  const stage = opened(() => ChromiumStage.open());
  let context: BrowserContext;
  let page: Page;

  beforeEach(async () => {
    context = await stage().newContext();
    page = await context.newPage();
    await page.goto(stage().authorization().url.href);
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

  /** Somebody who has just signed in, in a browser of their own. */
  async function recentViewer(): Promise<Viewer> {
    const other = await stage().newContext();
    try {
      const tab = await other.newPage();
      const { url, verifier } = stage().authorization();
      await tab.goto(url.href);
      await stage().signIn(tab);
      await tab.getByRole('button', { name: 'Allow' }).click();
      const back = new URL(stage().app.redirectUri);
      back.search = (await stage().backInApp(tab)).toString();
      const { access_token: token } = await stage().pages.redeem(stage().clientId, back, verifier);
      const viewer = await stage().pages.oauth.authenticate(token, 'mcp');
      if (!viewer) throw new Error('The token was not taken');
      return viewer;
    } finally {
      await other.close();
    }
  }

  test('a passkey signs in', async () => {
    const viewer = await recentViewer();
    const { services, url } = stage().pages;
    const options: object = await beginPasskey(services, viewer, url.origin);
    const response = await page.evaluate(async (json) => {
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
        json as PublicKeyCredentialCreationOptionsJSON,
      );
      const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
      return made.toJSON();
    }, options);
    await addPasskey(services, viewer, url.origin, { name: 'Test', response });
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
    await stage().signIn(page);
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

  test('at another address than the public URL the page says where passkeys work, and the password does', async () => {
    const { url } = stage().authorization();
    await page.goto(stage().atAnotherAddress(url).href);
    expect(new URL(page.url()).hostname).toBe('127.0.0.1');
    const status = page.locator('#passkey-status');
    await status.getByText(`Passkeys work at ${stage().pages.url.origin} alone`).waitFor();
    expect(await page.getByRole('button', { name: 'Sign in with a passkey' }).isVisible()).toBe(false);
    await stage().signIn(page);
    await page.getByRole('button', { name: 'Allow' }).click();
    expect((await stage().backInApp(page)).get('code')).toBeTruthy();
  });
});
