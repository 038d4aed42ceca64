import type { IncomingMessage, ServerResponse } from 'node:http';

/** Hosts in a browser read the metadata too, with headers of their own. Answers true when that was all that was asked. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse): boolean {
  response.setHeader('access-control-allow-origin', '*');
  if (request.method !== 'OPTIONS') return false;
  response
    .writeHead(204, {
      'access-control-allow-methods': 'GET, HEAD',
      'access-control-allow-headers': '*',
      'access-control-max-age': '86400',
    })
    .end();
  return true;
}
