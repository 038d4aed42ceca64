import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { embeddings, isFault, type EmbeddingsBody } from '../src/models/testing/embeddings-endpoint.ts';
import { misbehave, type Fault } from '../src/models/testing/openai-faults.ts';

/** An embedding provider on loopback whose state the test sets. */
export interface Provider extends AsyncDisposable {
  baseUrl: string;
  /** Every request meets this fault, until it is undefined again. */
  fault: Fault | undefined;
  /** Texts that it refuses for what they say. */
  refuses: (text: string) => boolean;
  /** Answers wait for what this gives. */
  hold: (texts: readonly string[]) => Promise<void> | undefined;
  /** All texts that it was sent. */
  texts: string[];
  /** Until a request that satisfies the test has arrived. */
  asked(test: (texts: readonly string[]) => boolean): Promise<void>;
}

export async function startProvider(): Promise<Provider> {
  const waiting = new Set<{ test: (texts: readonly string[]) => boolean; resolve: () => void }>();
  const server = createServer((request, response) => {
    void (async () => {
      const body = (await json(request)) as EmbeddingsBody;
      const texts = [body.input].flat();
      provider.texts.push(...texts);
      const { fault } = provider;
      const held = provider.hold(texts);
      for (const each of waiting) if (each.test(texts)) each.resolve();
      await held;
      if (fault) return misbehave(fault, request, response);
      if (texts.some(provider.refuses)) return misbehave({ kind: 'status', status: 400 }, request, response);
      const answer = embeddings(body, false);
      if (isFault(answer)) return misbehave(answer, request, response);
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    })().catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The provider has no port');
  const provider: Provider = {
    baseUrl: `http://127.0.0.1:${address.port}/v1`,
    fault: undefined,
    refuses: () => false,
    hold: () => undefined,
    texts: [],
    asked: (test) => new Promise((resolve) => waiting.add({ test, resolve })),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return provider;
}
