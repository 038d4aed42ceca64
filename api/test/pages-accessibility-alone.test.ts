import { test } from 'vitest';
import { opened } from './opened.ts';
import { inChromium } from './pages-chromium-stage.ts';
import { Looks } from './pages-looks.ts';
import { PASSWORD } from './pages-stage.ts';

inChromium(() => {
  const looks = opened(() => Looks.open());

  test('a device', async () => {
    const { user_code: code = '' } = await looks().stage.pages.device(
      await looks().stage.pages.app({ name: 'Television' }),
    );
    await looks().open('/device');
    await looks().check('device');
    await looks().fill('Code', 'BCDF-GHJK');
    await looks().press('Go on');
    await looks().check('device-error');
    await looks().fill('Code', code);
    await looks().press('Go on');
    await looks().check('device-confirm');
    await looks().open(`/device?user_code=${code}`);
    await looks().check('device-brought');
    await looks().press('My device shows it');
    await looks().page.waitForURL(/\/interaction\//);
    await looks().stage.signIn(looks().page);
    await looks().check('device-consent');
    await looks().press('Allow');
    await looks().page.waitForURL(/\/device\//);
    await looks().check('device-success');
    const other = await looks().stage.pages.device(await looks().stage.pages.app());
    await looks().open(`/device?user_code=${other['user_code']}`);
    await looks().press('Refuse');
    await looks().check('device-refused');
  });

  test('signing out', async () => {
    await looks().open('/oauth/logout');
    await looks().check('sign-out');
    await looks().press('Stay signed in');
    await looks().check('still-signed-in');
    await looks().open('/oauth/logout');
    await looks().press('Sign out');
    await looks().check('signed-out');
    const signedOutUri = 'https://app.example.org/bye';
    const clientId = await looks().stage.pages.app({ signedOutUri });
    await looks().open(
      `/oauth/logout?${new URLSearchParams({ client_id: clientId, post_logout_redirect_uri: signedOutUri })}`,
    );
    await looks().check('signed-out-before');
  });

  test('links to claim an account and to set a password', async () => {
    await looks().open(await looks().stage.pages.link('emil', 'claim'));
    await looks().check('claim');
    await looks().press('Take the account');
    await looks().check('claim-error');
    await looks().fill('New password', PASSWORD);
    await looks().press('Take the account');
    await looks().check('claim-codes');
    const link = await looks().stage.pages.link('emil', 'reset');
    await looks().open(link);
    await looks().check('reset');
    await looks().fill('New password', `${PASSWORD}, or june`);
    await looks().press('Set the password');
    await looks().check('reset-done');
    await looks().open(link);
    await looks().check('link-over');
  });

  test('errors', async () => {
    await looks().open('/oauth/authorize?client_id=nobody');
    await looks().check('error');
    await looks().open('/interaction/nothing');
    await looks().check('ended');
    await looks().open('/pages/nothing');
    await looks().check('not-found');
    await looks().page.context().clearCookies();
    await looks().open('/device');
    await looks().page.context().clearCookies();
    await looks().fill('Code', 'BCDF-GHJK');
    await looks().press('Go on');
    await looks().check('device-over');
  });
});
