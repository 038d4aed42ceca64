import { afterAll, beforeAll, expect, test } from 'vitest';
import { PagesStage, PASSWORD } from './pages-stage.ts';
import { PlainBrowser } from './plain-browser.ts';

let stage: PagesStage;
let clientId: string;
let codes: string[];
beforeAll(async () => {
  stage = await PagesStage.open();
  codes = await stage.person('anna');
  await stage.person('bert');
  clientId = await stage.app();
});
afterAll(() => stage[Symbol.asyncDispose]());

test('signs in, allows, and the app gets a token for what was allowed', async () => {
  const browser = new PlainBrowser(stage.url);
  const { url, verifier } = stage.authorization(clientId);
  const signIn = await browser.open(url);
  expect(signIn).toMatchObject({ status: 200, title: 'Sign in – Picard' });
  expect(signIn.text).toContain('Claude Code wants to use Picard');
  const consent = await browser.press(signIn, 'Sign in', { handle: 'anna', password: PASSWORD });
  expect(consent.title).toBe('Let Claude Code use your memories? – Picard');
  const back = await browser.press(consent, 'Allow');
  expect(back.url.href).toMatch(/^http:\/\/127\.0\.0\.1\/callback\?code=.*state=state-of-the-app/);
  const { scope } = await stage.redeem(clientId, back.url, verifier);
  expect(scope).toBe('memories:read memories:write');
});

test('says on the same page that a password is wrong, keeps the handle, and never the password', async () => {
  const browser = new PlainBrowser(stage.url);
  const signIn = await browser.open(stage.authorization(clientId).url);
  const again = await browser.press(signIn, 'Sign in', { handle: 'anna', password: 'wrong password' });
  expect(again).toMatchObject({ status: 422, title: 'Error: Sign in – Picard' });
  expect(again.text).toContain('no account with this handle and this password');
  expect(again.html).toContain('value="anna"');
  expect(again.html).not.toContain('wrong password');
  const unknown = await browser.press(signIn, 'Sign in', { handle: 'nobody', password: 'wrong password' });
  expect(unknown.text).toBe(again.text);
  const empty = await browser.press(signIn, 'Sign in');
  expect(empty.text).toContain('Enter your handle.');
  expect(empty.text).toContain('Enter your password.');
  const consent = await browser.press(empty, 'Sign in', { handle: 'anna', password: PASSWORD });
  expect(consent.title).toContain('Let Claude Code');
});

test('goes from the sign-in to a new account, shows its codes once, and on to the app', async () => {
  const browser = new PlainBrowser(stage.url);
  const { url, verifier } = stage.authorization(clientId);
  const register = await browser.follow(await browser.open(url), 'Make an account');
  const nothing = await browser.press(register, 'Make the account');
  expect(nothing.text).toContain('Choose a handle.');
  expect(nothing.text).toContain('Choose a password.');
  const refused = await browser.press(register, 'Make the account', { handle: 'anna', password: PASSWORD });
  expect(refused.text).toContain('Another account has this handle');
  const reserved = await browser.press(refused, 'Make the account', {
    handle: 'supp0rt',
    password: PASSWORD,
  });
  expect(reserved).toMatchObject({ status: 422, title: 'Error: Make an account – Picard' });
  expect(reserved.text).toContain('This handle is reserved. Choose another.');
  expect(reserved.html).toContain('aria-describedby="field-handle-hint field-handle-error"');
  const short = await browser.press(reserved, 'Make the account', { handle: 'carla', password: 'short' });
  expect(short.text).toContain('The password must be at least 10 characters');
  const shown = await browser.press(short, 'Make the account', {
    handle: 'carla',
    displayName: 'Carla <b>C</b>',
    password: PASSWORD,
  });
  expect(shown.title).toBe('Your recovery codes – Picard');
  const listed = [...shown.html.matchAll(/<code>([\da-z-]{19})<\/code>/g)].map(([, code]) => code);
  expect(new Set(listed).size).toBe(10);
  const consent = await browser.follow(shown, 'I have kept them: go on to Claude Code');
  expect(consent.text).toContain('Signed in as carla (Carla <b>C</b>)');
  const back = await browser.press(consent, 'Allow');
  expect((await stage.redeem(clientId, back.url, verifier)).scope).toContain('memories:write');

  const second = new PlainBrowser(stage.url);
  const recovery = await second.follow(
    await second.open(stage.authorization(clientId).url),
    'Use a recovery code',
  );
  const entered = await second.press(recovery, 'Sign in', { handle: 'carla', code: listed[3] ?? '' });
  expect(entered.text).toContain('Signed in as carla');
});

test('takes a recovery code once, and comes back to the password', async () => {
  const browser = new PlainBrowser(stage.url);
  const recovery = await browser.follow(
    await browser.open(stage.authorization(clientId).url),
    'Use a recovery code',
  );
  expect((await browser.follow(recovery, 'Use your password or passkey')).title).toBe('Sign in – Picard');
  const used = { handle: 'anna', code: codes[0]?.toUpperCase().replaceAll('-', ' ') ?? '' };
  const consent = await browser.press(recovery, 'Sign in', used);
  expect(consent.text).toContain('Signed in as anna');
  const other = new PlainBrowser(stage.url);
  const again = await other.follow(
    await other.open(stage.authorization(clientId).url),
    'Use a recovery code',
  );
  const refused = await other.press(again, 'Sign in', used);
  expect(refused).toMatchObject({ status: 422, title: 'Error: Use a recovery code – Picard' });
  expect(refused.text).toContain('used already');
});

test('changes the account in the middle, and what the other one allowed stays allowed', async () => {
  const browser = new PlainBrowser(stage.url);
  const first = stage.authorization(clientId);
  const consent = await browser.press(await browser.open(first.url), 'Sign in', {
    handle: 'anna',
    password: PASSWORD,
  });
  const ofAnna = await stage.redeem(clientId, (await browser.press(consent, 'Allow')).url, first.verifier);

  const { url, verifier } = stage.authorization(clientId);
  const known = await browser.open(url);
  expect(known.text).toContain('Signed in as anna');
  const signIn = await browser.press(known, 'Use another account');
  expect(signIn.title).toBe('Sign in – Picard');
  const asBert = await browser.press(signIn, 'Sign in', { handle: 'bert', password: PASSWORD });
  expect(asBert.text).toContain('Signed in as bert');
  const ofBert = await stage.redeem(clientId, (await browser.press(asBert, 'Allow')).url, verifier);

  const people = await Promise.all(
    [ofAnna, ofBert].map(async ({ access_token: token }) => {
      const viewer = await stage.oauth.authenticate(token, 'mcp');
      return viewer?.id;
    }),
  );
  expect(people).not.toContain(undefined);
  expect(new Set(people).size).toBe(2);
});

test('of two tabs the last to sign in decides who goes on, and nothing is taken from the other one', async () => {
  const browser = new PlainBrowser(stage.url);
  const [first, second] = [stage.authorization(clientId), stage.authorization(clientId)];
  const [one, other] = [await browser.open(first.url), await browser.open(second.url)];
  const asBert = await browser.press(other, 'Sign in', { handle: 'bert', password: PASSWORD });
  const ofBert = await stage.redeem(clientId, (await browser.press(asBert, 'Allow')).url, second.verifier);
  const asAnna = await browser.press(one, 'Sign in', { handle: 'anna', password: PASSWORD });
  expect(asAnna.text).toContain('Signed in as anna');
  await stage.redeem(clientId, (await browser.press(asAnna, 'Allow')).url, first.verifier);
  expect(await stage.oauth.authenticate(ofBert.access_token, 'mcp')).not.toBeNull();
});

test('a new account goes on, whoever signed in by another tab while its codes were kept', async () => {
  const browser = new PlainBrowser(stage.url);
  const tab = await browser.open(stage.authorization(clientId).url);
  const register = await browser.follow(
    await browser.open(stage.authorization(clientId).url),
    'Make an account',
  );
  const kept = await browser.press(register, 'Make the account', { handle: 'dirk', password: PASSWORD });
  await browser.press(tab, 'Sign in', { handle: 'bert', password: PASSWORD });
  const consent = await browser.follow(kept, 'I have kept them: go on to Claude Code');
  expect(consent.text).toContain('Signed in as dirk');
});

test('asks somebody who is signed in for the password again when the app wants that', async () => {
  const browser = new PlainBrowser(stage.url);
  const login = { handle: 'anna', password: PASSWORD };
  await browser.press(await browser.open(stage.authorization(clientId).url), 'Sign in', login);
  const again = await browser.open(stage.authorization(clientId, { more: { prompt: 'login' } }).url);
  expect(again.title).toBe('Sign in – Picard');
  expect(again.html).toContain('value="anna"');
  expect((await browser.press(again, 'Sign in', login)).text).toContain('Signed in as anna');
});

test('goes back to the app with a refusal when the sign-in is cancelled', async () => {
  const browser = new PlainBrowser(stage.url);
  const signIn = await browser.open(stage.authorization(clientId).url);
  const back = await browser.press(signIn, 'Cancel and go back to Claude Code');
  expect(back.url.searchParams.get('error')).toBe('access_denied');
  expect(back.url.searchParams.get('state')).toBe('state-of-the-app');
});

test('offers no account where registration is closed', async () => {
  await using closed = await PagesStage.open({ PICARD_REGISTRATION: 'closed' });
  const browser = new PlainBrowser(closed.url);
  const signIn = await browser.open(closed.authorization(await closed.app()).url);
  expect(signIn.links.map(({ text }) => text)).not.toContain('Make an account');
  const register = await browser.open(`${signIn.url.pathname}/register`);
  expect(register).toMatchObject({ status: 403, title: 'No new accounts – Picard' });
});
