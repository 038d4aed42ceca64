import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PagesStage } from './pages-stage.ts';
import { PlainBrowser, type Shown } from './plain-browser.ts';

let stage: PagesStage;
let browser: PlainBrowser;
let signIn: Shown;
beforeAll(async () => {
  stage = await PagesStage.open();
  browser = new PlainBrowser(stage.url);
  signIn = await browser.open(stage.authorization(await stage.app()).url);
});
afterAll(() => stage[Symbol.asyncDispose]());

describe('every page', () => {
  test.each([
    ['sign in', async () => signIn],
    ['an error of the authorization server', () => browser.open('/oauth/authorize?client_id=nobody')],
    ['an error of the pages', () => browser.open('/interaction/nothing')],
    ['a device', () => browser.open('/device')],
    ['a device whose code is known', () => browser.open('/device?user_code=BCDF-GHJK')],
    ['who is signed out', () => browser.open('/oauth/logout')],
    ['a link', async () => browser.open(await stage.link('lena', 'claim'))],
  ])('is kept by nobody, framed by nobody, and runs nothing that is not ours: %s', async (_name, open) => {
    const { headers, html } = await open();
    const policy = new Map(
      (headers.get('content-security-policy') ?? '').split('; ').map((directive) => {
        const [name = '', ...sources] = directive.split(' ');
        return [name, sources.join(' ')];
      }),
    );
    expect(Object.fromEntries(policy)).toMatchObject({
      'default-src': "'none'",
      'style-src': "'self'",
      'img-src': "'self'",
      'form-action': "'self'",
      'frame-ancestors': "'none'",
      'base-uri': "'none'",
    });
    expect(["'self'", undefined]).toContain(policy.get('script-src'));
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': expect.stringContaining('no-store'),
    });
    expect(html).not.toMatch(
      /\son\w+=|\sstyle=|<style|<script(?![^>]*\ssrc=)|(?:src|href)="(?:https?:)?\/\//,
    );
  });
});

describe('what pages are made of', () => {
  test('is kept for good under an address of its content', async () => {
    const paths = [...signIn.html.matchAll(/(?:src|href)="(\/pages\/[^"]+)"/g)].map(([, path = '']) => path);
    expect(paths.map((path) => path.split('/').at(-1)).sort()).toEqual(
      ['icon.svg', 'icon.svg', 'passkey.js', 'style.css'].sort(),
    );
    for (const path of paths) {
      const response = await fetch(new URL(path, stage.url));
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      const old = await fetch(new URL(path.replace(/^\/pages\/[^/]+/, '/pages/former'), stage.url));
      expect([old.status, old.headers.get('cache-control')]).toEqual([200, 'no-cache']);
      const hash = (body: ArrayBuffer) => createHash('sha256').update(Buffer.from(body)).digest('hex');
      expect(hash(await old.arrayBuffer())).toBe(hash(await response.arrayBuffer()));
    }
  });

  test('holds every module that the script for passkeys loads, and no file beside them', async () => {
    const base = signIn.html.match(/"(\/pages\/[^"]+)passkey\.js"/)?.[1] ?? '';
    const seen = new Set<string>();
    const load = async (url: URL): Promise<void> => {
      if (seen.has(url.pathname)) return;
      seen.add(url.pathname);
      const response = await fetch(url);
      expect([url.pathname, response.status]).toEqual([url.pathname, 200]);
      expect(response.headers.get('content-type')).toContain('text/javascript');
      for (const [, name = ''] of (await response.text()).matchAll(/(?:from|import\() ?'(\.[^']+)'/g)) {
        await load(new URL(name, url));
      }
    };
    await load(new URL(`${base}passkey.js`, stage.url));
    expect(seen.size).toBeGreaterThan(5);
    for (const name of [
      'webauthn/index.js',
      'pages.ts',
      'webauthn/../../package.json',
      '%2e%2e/package.json',
    ]) {
      expect((await fetch(new URL(`${base}${name}`, stage.url))).status).not.toBe(200);
    }
  });
});
