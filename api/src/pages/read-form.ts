import type { IncomingMessage } from 'node:http';
import { PageRefusal } from './page-refusal.ts';

export const isReading = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';

const MAX_BYTES = 16 * 1024;

/**
 * The fields of a form that one of our pages sent.
 * @throws {PageRefusal} 403 for a form of another site, 413, 415.
 */
export async function readForm(request: IncomingMessage, origin: string): Promise<URLSearchParams> {
  if (!isOurs(request, origin)) throw foreign();
  return readFields(request);
}

/** The fields of a form, whoever sent it. @throws {PageRefusal} 413, 415. */
export async function readFields(request: IncomingMessage): Promise<URLSearchParams> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== undefined && type !== 'application/x-www-form-urlencoded') throw noForm();
  if (Number(request.headers['content-length'] ?? 0) > MAX_BYTES) throw tooLarge();
  const parts: Buffer[] = [];
  let bytes = 0;
  // What is left of it is thrown away by Node: a connection that is closed on it loses the answer.
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MAX_BYTES) throw tooLarge();
    parts.push(part);
  }
  return new URLSearchParams(Buffer.concat(parts).toString());
}

/**
 * Whether a page of ours made the request. Browsers say so by Sec-Fetch-Site (Fetch Metadata), which no page can set;
 * where there is no TLS, and in old ones, by Origin. What says neither is no browser, and bears nobody's cookies unasked.
 */
function isOurs({ headers }: IncomingMessage, ours: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  return headers.origin === undefined || headers.origin === ours;
}

const foreign = (): PageRefusal =>
  new PageRefusal(403, {
    title: 'This came from another site',
    text: 'Another page tried to send this form for you, so nothing was done.',
    wayOn: 'If you meant to, begin again in the app, and use the buttons of our page.',
  });

const noForm = (): PageRefusal =>
  new PageRefusal(415, {
    title: 'This is no form',
    text: 'This address takes forms alone (application/x-www-form-urlencoded).',
  });

const tooLarge = (): PageRefusal =>
  new PageRefusal(413, {
    title: 'This is too long',
    text: 'What was entered is longer than this form takes, so nothing was done.',
    wayOn: 'Go back and enter less.',
  });
