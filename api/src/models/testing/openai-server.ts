import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { embeddings, isFault, type EmbeddingsBody } from './embeddings-endpoint.ts';
import { misbehave, type Fault } from './openai-faults.ts';

export const TEST_API_KEY = 'sk-test-0123456789abcdef';

export interface OpenAIServer extends AsyncDisposable {
  /** With the version in its path, as the client wants it. */
  readonly baseUrl: string;
  readonly host: string;
  /** Bodies of all requests to `/v1/embeddings`, those met with a fault included. */
  readonly requests: readonly EmbeddingsBody[];
  /** The next requests meet these faults, one each. */
  failNext(...faults: Fault[]): void;
  /** Resolves when the next request has arrived whole. */
  nextRequest(): Promise<void>;
}

/** A loopback server that speaks OpenAI's embeddings protocol. */
export async function startOpenAIServer({ ignoreDimensions = false } = {}): Promise<OpenAIServer> {
  const requests: EmbeddingsBody[] = [];
  const faults: Fault[] = [];
  let arrived = Promise.withResolvers<void>();

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('x-request-id', `req_${requests.length}`);
    if (request.url !== '/v1/embeddings')
      return misbehave({ kind: 'status', status: 404 }, request, response);
    const body: unknown = await json(request);
    if (!isEmbeddingsBody(body)) return misbehave({ kind: 'status', status: 400 }, request, response);
    requests.push(body);
    arrived.resolve();
    arrived = Promise.withResolvers();

    const answer = faults.shift() ?? authorize(request) ?? embeddings(body, ignoreDimensions);
    if (isFault(answer)) return misbehave(answer, request, response);
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the test server has no port');
  const host = `127.0.0.1:${address.port}`;

  return {
    baseUrl: `http://${host}/v1`,
    host,
    requests,
    failNext: (...more) => void faults.push(...more),
    nextRequest: () => arrived.promise,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The real server quotes part of a wrong key in its message. */
function authorize({ headers }: IncomingMessage): Fault | undefined {
  if (headers.authorization === `Bearer ${TEST_API_KEY}`) return undefined;
  const message = `Incorrect API key provided: ${headers.authorization}`;
  return { kind: 'status', status: 401, code: 'invalid_api_key', message };
}

function isEmbeddingsBody(body: unknown): body is EmbeddingsBody {
  return typeof body === 'object' && body !== null && 'model' in body && 'input' in body;
}
