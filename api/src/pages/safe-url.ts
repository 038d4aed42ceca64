const URL_ATTRIBUTES = new Set(['href', 'src', 'action', 'formaction', 'cite', 'poster', 'data']);

export const isUrlAttribute = (name: string): boolean => URL_ATTRIBUTES.has(name);

/** What an address becomes that a page must not lead to. */
export const NOWHERE = '#';

/**
 * Addresses on the web, and those below this server; `NOWHERE` for every other one. A browser drops tabs and line ends
 * from an address before it reads it (WHATWG URL Standard, section 4.4), so one that holds any is refused.
 */
export function safeUrl(url: string): string {
  if (/[\u0000-\u0020\u007f\\]/.test(url)) return NOWHERE;
  return /^(?:https?:\/\/[^/]|\/(?!\/)|[?#])/i.test(url) ? url : NOWHERE;
}

/** An address of this server without its host. */
export function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}
