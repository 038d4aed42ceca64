import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

interface Asset {
  type: string;
  body: Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

const assets = new Map<string, Asset>();
for (const name of ['style.css', 'icon.svg', 'passkey.js']) add(name, new URL(name, import.meta.url));

/** The library's own modules, as it ships them for browsers: the one that signs in, and what it imports. */
const library = new URL(
  '../esm/',
  pathToFileURL(createRequire(import.meta.url).resolve('@simplewebauthn/browser')),
);
addModule(new URL('methods/startAuthentication.js', library));

function add(name: string, file: URL): string {
  const body = readFileSync(file);
  assets.set(name, { type: TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? '', body });
  return body.toString();
}

function addModule(file: URL): void {
  const name = `webauthn/${file.href.slice(library.href.length)}`;
  if (assets.has(name)) return;
  const source = add(name, file);
  for (const [, imported = ''] of source.matchAll(/^import [^;]*?from '(\.[^']+)'/gms)) {
    addModule(new URL(imported, file));
  }
}

/** One version for all, so that modules find each other by relative names. */
const version = createHash('sha256');
for (const [name, { body }] of assets) version.update(`${name}\n${body.length}\n`).update(body);
const current = version.digest('base64url').slice(0, 16);

export const assetUrl = (name: string): string => `/pages/${current}/${name}`;

/** Style, script and pictures of the pages. An address of another version answers too, while servers are exchanged. */
export function serveAsset(request: IncomingMessage, response: ServerResponse, pathname: string): boolean {
  const [, version = '', name = ''] = /^\/pages\/([\w-]+)\/(.+)$/.exec(pathname) ?? [];
  const asset = assets.get(name);
  if (!asset) return false;
  response.writeHead(200, {
    'content-type': asset.type,
    'content-length': asset.body.length,
    'cache-control': version === current ? 'public, max-age=31536000, immutable' : 'no-cache',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  });
  response.end(request.method === 'HEAD' ? undefined : asset.body);
  return true;
}
