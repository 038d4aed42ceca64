import type { IncomingMessage, ServerResponse } from 'node:http';

/** One way in which a server misbehaves. */
export type Fault =
  | { kind: 'status'; status: number; code?: string; headers?: Record<string, string>; message?: string }
  /** Takes the request and never answers. */
  | { kind: 'silent' }
  /** Status 200 and the promise of more bytes than come. */
  | { kind: 'cut' }
  /** Sends the head at once, and the body never. */
  | { kind: 'stalled' }
  /** Status 200 and a body that is none of the protocol's. */
  | { kind: 'body'; body: string; contentType?: string }
  /** Ends the connection without an answer. */
  | { kind: 'reset' };

export function misbehave(fault: Fault, request: IncomingMessage, response: ServerResponse): void {
  switch (fault.kind) {
    case 'silent':
      return;
    case 'reset':
      request.socket.destroy();
      return;
    case 'stalled':
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      return;
    case 'cut':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
      response.write('{"object":"list","data":[{"obj', () => request.socket.destroy());
      return;
    case 'body':
      response.writeHead(200, { 'content-type': fault.contentType ?? 'application/json' }).end(fault.body);
      return;
    case 'status': {
      const error = {
        message: fault.message ?? 'fault',
        type: 'error',
        param: null,
        code: fault.code ?? null,
      };
      response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
      response.end(JSON.stringify({ error }));
    }
  }
}
