import assert from 'node:assert/strict';
import { PlainBrowser } from '../../api/test/plain-browser.ts';

let people = 0;

/**
 * Somebody new before a browser: opens what an assistant asks to open, makes an account, and allows what is asked.
 * @param {URL} server
 * @param {string} address
 * @returns {Promise<URL | null>} where the browser was sent to; null when the server could not fetch the assistant's
 * document, as without a way to the internet
 */
export async function allowAsNewcomer(server, address) {
  const browser = new PlainBrowser(server);
  const first = await browser.open(address);
  if (first.text.includes('metadata document fetch failed')) return null;
  const register = await browser.follow(first, 'Make an account');
  people += 1;
  const account = { handle: `newcomer-${people}`, password: 'a quiet morning in may' };
  const codes = await browser.press(register, 'Make the account', account);
  const on = codes.links.find(({ text }) => text.startsWith('I have kept them'));
  assert.ok(on, `No way on from “${codes.title}”: ${codes.text}`);
  const consent = await browser.open(on.url);
  return (await browser.press(consent, 'Allow')).url;
}
