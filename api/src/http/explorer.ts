import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendError } from './respond.ts';

const page = readFileSync(new URL('./explorer.html', import.meta.url), 'utf8');
const script = readFileSync(new URL('./explorer.js', import.meta.url), 'utf8');

/** Everything comes from here; GraphiQL's editor needs inline styles and makes its workers from blobs. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; " +
  "connect-src 'self'; worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

type Asset = { type: string; body: string | Buffer };

/** GraphiQL with all its parts, read when somebody first asks for it: they take nine megabytes. */
async function loadAssets(): Promise<ReadonlyMap<string, Asset>> {
  const parts = await import('@graphql-yoga/render-graphiql/graphiql');
  const javascript = (body: string): Asset => ({ type: 'text/javascript; charset=utf-8', body });
  return new Map<string, Asset>([
    ['/graphiql/graphiql.js', javascript(parts.js)],
    ['/graphiql/editor.worker.js', javascript(parts.editorWorkerService)],
    ['/graphiql/json.worker.js', javascript(parts.jsonWorker)],
    ['/graphiql/graphql.worker.js', javascript(parts.graphqlWorker)],
    ['/graphiql/graphiql.css', { type: 'text/css; charset=utf-8', body: parts.css }],
    ['/graphiql/explorer.js', javascript(script)],
  ]);
}

let assets: Promise<ReadonlyMap<string, Asset>> | undefined;

/** The explorer at `/graphiql`, served whole by us. */
export async function explorer(
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return sendError(response, 405, 'METHOD_NOT_ALLOWED', 'Use GET.', { allow: 'GET, HEAD' });
  }
  const asset: Asset | undefined =
    pathname === '/graphiql'
      ? { type: 'text/html; charset=utf-8', body: page }
      : (await (assets ??= loadAssets())).get(pathname);
  if (!asset) return sendError(response, 404, 'NOT_FOUND', 'Nothing is served here.');
  const etag = `"${createHash('sha256').update(asset.body).digest('base64url').slice(0, 27)}"`;
  const headers = {
    'content-type': asset.type,
    'cache-control': 'no-cache',
    etag,
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  };
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : asset.body);
}
