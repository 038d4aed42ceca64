import type { ServerResponse } from 'node:http';
import { sendJson } from './challenge.ts';

const TIMEOUT_MS = 2_000;

/** Whether the process can do its work: the API answers. */
export function createHealth(api: URL): (response: ServerResponse) => Promise<void> {
  return async (response) => {
    const answers = await fetch(api, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) sendJson(response, 200, { status: 'ok', api: 'answers' });
    else sendJson(response, 503, { status: 'unavailable', api: 'does not answer' }, { 'retry-after': '3' });
  };
}
