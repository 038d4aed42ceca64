import { expect, test } from 'vitest';
import { opened } from './opened.ts';
import { inChromium } from './pages-chromium-stage.ts';
import { Looks } from './pages-looks.ts';
import { PASSWORD, type AppOptions } from './pages-stage.ts';

/** As long as they may be, without a place to break. */
const LONG = {
  name: 'W'.repeat(100),
  handle: 'w'.repeat(39),
  displayName: 'W'.repeat(80),
  host: `${'sub-domain.'.repeat(12)}example.org`,
};

inChromium(() => {
  const looks = opened(() => Looks.open());

  const authorize = async (options: AppOptions = {}): Promise<void> => {
    const { page, stage } = looks();
    await page.goto(stage.pages.authorization(await stage.pages.app(options), options).url.href);
  };
  test('sign in', async () => {
    await authorize();
    await looks().check('sign-in');
    await looks().press('Sign in');
    await looks().check('sign-in-error');
    await looks().page.goto(looks().stage.atAnotherAddress(looks().stage.authorization().url).href);
    await looks().check('sign-in-elsewhere');
  });

  test('register, and its recovery codes', async () => {
    await authorize();
    await looks().page.getByRole('link', { name: 'Make an account' }).click();
    await looks().check('register');
    await looks().press('Make the account');
    await looks().check('register-error');
    await looks().fill('Handle', 'dora');
    await looks().fill('New password', PASSWORD);
    await looks().press('Make the account');
    await looks().check('recovery-codes');
    await looks().page.emulateMedia({ media: 'print' });
    expect(
      await looks()
        .page.getByRole('link', { name: /kept them/ })
        .isVisible(),
    ).toBe(false);
    await looks().page.emulateMedia({ media: 'screen' });
  });

  test('consent', async () => {
    await looks()
      .page.getByRole('link', { name: /kept them/ })
      .click();
    await looks().page.waitForSelector('text=Use another account');
    await looks().check('consent');
    await authorize({
      redirectUri: 'https://app.example.org/callback',
      scope: 'memories:read',
      name: 'Notes & more',
    });
    await looks().check('consent-read');
    await authorize({ redirectUri: 'cursor://anysphere.cursor-mcp/oauth', name: 'x'.repeat(100) });
    await looks().check('consent-scheme');
    await looks().page.evaluate(() => {
      for (const option of document.querySelectorAll('option')) option.setAttribute('value', 'tomorrow');
    });
    await looks().press('Allow');
    await looks().check('consent-error');
  });

  test('another account, a recovery code', async () => {
    await looks().press('Use another account');
    await looks().page.getByRole('link', { name: 'Use a recovery code' }).click();
    await looks().check('recovery-code');
    await looks().press('Sign in');
    await looks().check('recovery-code-error');
  });

  test('names as long as they may be, and all that can be asked for', async () => {
    await authorize({
      name: LONG.name,
      redirectUri: `https://${LONG.host}/callback`,
      scope: 'openid offline_access memories:read memories:write memories:admin account:manage',
      more: { prompt: 'login', resource: `${looks().stage.pages.url.origin}/graphql` },
    });
    await looks().page.getByRole('link', { name: 'Make an account' }).click();
    await looks().check('long-register');
    await looks().fill('Handle', LONG.handle);
    await looks().fill('Display name', LONG.displayName);
    await looks().fill('New password', PASSWORD);
    await looks().press('Make the account');
    await looks().check('long-codes');
    await looks()
      .page.getByRole('link', { name: /kept them/ })
      .click();
    await looks().page.waitForSelector('text=Use another account');
    await looks().check('long-consent');
  });

  test('too many attempts', async () => {
    await looks().stage.pages.person('kurt');
    await authorize({ more: { prompt: 'login' } });
    while ((await looks().page.title()) !== 'Too many attempts – Picard') {
      await looks().fill('Handle', 'kurt');
      await looks().fill('Password', 'not the password');
      await looks().press('Sign in');
      await looks().page.waitForLoadState();
    }
    await looks().check('throttled');
  });
});
