import type { ExecutionResult } from 'graphql';
import type { ExecutionRequest } from './executor.ts';
import type { HttpExecutorOptions } from './http-executor.ts';
import { isRecord } from './json-schema.ts';

/** Runs a subscription on a server over HTTP, as server-sent events (GraphQL over SSE, distinct connections). */
export async function* subscribeOverHttp(
  { url, token, fetch: send = fetch }: HttpExecutorOptions,
  { document, operationName, variables, signal }: ExecutionRequest,
): AsyncGenerator<ExecutionResult> {
  try {
    const response = await send(url, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        authorization: `Bearer ${await token()}`,
      },
      body: JSON.stringify({ query: document, operationName, variables }),
      redirect: 'error',
      ...(signal ? { signal } : {}),
    });
    if (!response.ok || !response.body || !isEventStream(response)) {
      await response.body?.cancel();
      throw new Error(`The GraphQL endpoint answered ${response.status} without a stream of events.`);
    }
    for await (const { event, data } of eventsOf(response.body)) {
      if (event === 'complete') return;
      const result: unknown = event === 'next' ? JSON.parse(data) : undefined;
      if (isRecord(result)) yield result;
    }
  } catch (error) {
    // Whoever gives up a stream does not want to hear that it was given up.
    if (!signal?.aborted) throw error;
  }
}

function isEventStream(response: Response): boolean {
  return response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
}

async function* eventsOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<{ event: string; data: string }> {
  let unread = '';
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    unread += text.replaceAll('\r\n', '\n');
    const events = unread.split('\n\n');
    unread = events.pop() ?? '';
    for (const lines of events) {
      const fields = (name: string) =>
        lines
          .split('\n')
          .filter((line) => line.startsWith(`${name}:`))
          .map((line) => line.slice(name.length + 1).trimStart());
      yield { event: fields('event')[0] ?? 'message', data: fields('data').join('\n') };
    }
  }
}
