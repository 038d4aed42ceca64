import type { IncomingMessage } from 'node:http';

export const SIGNED_IN_BYTES = 8 * 1024 * 1024;
export const ANONYMOUS_BYTES = 1024 * 1024;

export interface Refusal {
  status: number;
  code: string;
  message: string;
}

/** Node reads no byte past the declared length, so to check that one is enough. */
export function refuseBody(request: IncomingMessage, limit: number): Refusal | null {
  if (request.headers['transfer-encoding']) {
    return { status: 411, code: 'LENGTH_REQUIRED', message: 'Send the body with a Content-Length.' };
  }
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    return {
      status: 413,
      code: 'BODY_TOO_LARGE',
      message: `The body may hold ${limit} bytes. Send a batch in parts, and bear a credential: without one less is allowed.`,
    };
  }
  return null;
}
