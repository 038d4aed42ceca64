import type { ServerResponse } from 'node:http';
import { layout, type Page } from './layout.ts';

export interface PageOptions {
  /** Where a form may lead beside this server, in the form of a CSP source (Content Security Policy Level 3, 2.3.1). */
  formTargets?: readonly string[];
}

/**
 * What every page is sent with. Browsers hold form-action against each redirect that follows a form, so a form whose
 * answer leads to an app is answered by a page that goes on by itself (`continue-page.ts`).
 *
 * Referrers stay within this server. With `no-referrer` browsers would send `Origin: null` with our own forms (Fetch
 * Standard, section 3.2), and where there is no TLS nothing else tells whose form it was.
 */
export function pageHeaders(page: Page, { formTargets = [] }: PageOptions = {}): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    ...(page.passkeys ? ["script-src 'self'", "connect-src 'self'"] : []),
    `form-action ${["'self'", ...formTargets].join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy.join('; '),
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  };
}

export function sendPage(
  response: ServerResponse,
  status: number,
  page: Page,
  publicUrl: URL,
  headers: Record<string, string> = {},
): void {
  const text = layout(page, publicUrl);
  response.writeHead(status, {
    ...pageHeaders(page),
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : text);
}
