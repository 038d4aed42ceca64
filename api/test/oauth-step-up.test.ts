import { afterAll, beforeAll, expect, test } from 'vitest';
import { PagesStage, PASSWORD } from './pages-stage.ts';
import { PlainBrowser, type Shown } from './plain-browser.ts';

const CALLBACK = 'https://app.example.org/callback';
const READ = 'memories:read';
const BOTH = 'memories:read memories:write';

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

/** An app of the web: one on this machine is asked about each time, whatever was allowed before. */
async function webApp() {
  const clientId = await stage.app({ redirectUri: CALLBACK });
  return async (scope: string, more: Record<string, string> = {}) => {
    const { url, verifier } = stage.authorization(clientId, { redirectUri: CALLBACK, scope, more });
    const page = await browser.open(url);
    return { page, granted: async (back: Shown) => (await stage.redeem(clientId, back.url, verifier)).scope };
  };
}
const isBack = ({ url }: Shown): boolean => url.origin === new URL(CALLBACK).origin;

test('an app that may read alone asks for writing when it needs it, and the person is asked', async () => {
  const ask = await webApp();
  const first = await ask(BOTH);
  const narrowed = await browser.press(first.page, 'Allow', { access: 'read' });
  expect(await first.granted(narrowed)).toBe(READ);

  const again = await ask(READ);
  expect(isBack(again.page)).toBe(true);
  expect(await again.granted(again.page)).toBe(READ);

  const more = await ask(BOTH);
  expect(more.page.title).toBe('Let Claude Code use your memories? – Picard');
  expect(more.page.text).toContain('Read your memories, and search in them');
  expect(more.page.text).toContain('Add, change and delete your memories');
  const widened = await browser.press(more.page, 'Allow');
  expect(await more.granted(widened)).toBe(BOTH);

  const after = await ask(BOTH);
  expect(isBack(after.page)).toBe(true);
  expect(await after.granted(after.page)).toBe(BOTH);
});

test('so does one that never asked for writing', async () => {
  const ask = await webApp();
  const first = await ask(READ);
  await browser.press(first.page, 'Allow');
  const more = await ask('memories:write');
  expect(more.page.text).toContain('Add, change and delete your memories');
  expect(await more.granted(await browser.press(more.page, 'Allow'))).toBe('memories:write');
});

test('without a person to ask, what was refused is not granted in silence', async () => {
  const ask = await webApp();
  const first = await ask(BOTH);
  await browser.press(first.page, 'Allow', { access: 'read' });
  const { page } = await ask(BOTH, { prompt: 'none' });
  expect(isBack(page)).toBe(true);
  expect(page.url.searchParams.get('error')).toMatch(/^(consent|interaction)_required$/);
  expect(page.url.searchParams.get('code')).toBeNull();
});
