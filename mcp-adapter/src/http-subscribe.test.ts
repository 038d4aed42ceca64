import { expect, it } from 'vitest';
import { principal } from '../test/fixture-api.ts';
import { createHttpExecutor } from './http-executor.ts';

const url = new URL('http://localhost:8001/graphql');
const request = {
  document: 'subscription S { a }',
  operationName: 'S',
  variables: {},
  principal: principal(),
};

async function all(events: AsyncIterable<unknown> | undefined): Promise<unknown[]> {
  const collected: unknown[] = [];
  for await (const event of events ?? []) collected.push(event);
  return collected;
}

/** Subscribes where the server answers with these pieces of a stream. */
async function results(pieces: string[], init: ResponseInit = {}): Promise<unknown[]> {
  const headers = { 'content-type': 'text/event-stream; charset=utf-8' };
  const body = new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    },
  });
  const executor = createHttpExecutor({
    url,
    token: () => Promise.resolve('key'),
    fetch: () => Promise.resolve(new Response(body, { headers, ...init })),
  });
  return all(executor.subscribe?.(request));
}

it('reads events, wherever the stream is cut', async () => {
  const stream =
    ':\n\nevent: next\ndata: {"data":{"a":"ä"}}\n\nevent: next\ndata: {"data":\ndata: {"a":2}}\n\nevent: complete\n\nevent: next\ndata: {}\n\n';
  const expected = [{ data: { a: 'ä' } }, { data: { a: 2 } }];
  expect(await results([stream])).toEqual(expected);
  for (const step of [1, 3, 7]) {
    expect(await results(stream.match(new RegExp(`[^]{1,${step}}`, 'g')) ?? [])).toEqual(expected);
  }
});

it('refuses what is no stream, without what was answered', async () => {
  await expect(results(['secret'], { status: 401 })).rejects.toThrow('answered 401');
  await expect(results(['secret'], { headers: { 'content-type': 'text/html' } })).rejects.not.toThrow(
    'secret',
  );
});

it('ends quietly when it is given up', async () => {
  const giveUp = new AbortController();
  const executor = createHttpExecutor({
    url,
    token: () => Promise.resolve('key'),
    fetch: (_url, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(new Error('given up')));
        giveUp.abort();
      }),
  });
  const events = executor.subscribe?.({ ...request, signal: giveUp.signal });
  expect(await all(events)).toEqual([]);
});
