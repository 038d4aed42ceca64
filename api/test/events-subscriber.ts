import type { TestPicard } from './picard.ts';

export interface Change {
  kind: string;
  memoryId: string;
  /** Where it was asked for. */
  ownerId?: string | null;
  memory: { text: string } | null;
}

/** Follows `memoryChanged` over server-sent events, as a client does. */
export interface Subscriber extends AsyncDisposable {
  /** The next change; waits for it. */
  next(): Promise<Change>;
  /** What came over the wire so far. */
  readonly raw: string;
  /** When the server has ended the stream. */
  readonly ended: Promise<void>;
}

export async function subscribe(
  picard: TestPicard,
  key: string = picard.key,
  fields = 'kind memoryId memory { text }',
): Promise<Subscriber> {
  const stop = new AbortController();
  const response = await fetch(new URL('/graphql', picard.url), {
    method: 'POST',
    signal: stop.signal,
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${key}`,
    },
    body: JSON.stringify({ query: `subscription { memoryChanged { ${fields} } }` }),
  });
  if (!response.ok || !response.body) throw new Error(`The subscription was refused: ${response.status}`);
  const waiting: Change[] = [];
  let wake = Promise.withResolvers<void>();
  let raw = '';
  const reading = (async () => {
    let unread = '';
    for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      raw += text;
      unread += text;
      const events = unread.split('\n\n');
      unread = events.pop() ?? '';
      for (const event of events) {
        const data = /^data: (.*)$/m.exec(event)?.[1];
        if (!data) continue;
        const parsed = JSON.parse(data) as { data?: { memoryChanged: Change } };
        if (parsed.data) waiting.push(parsed.data.memoryChanged);
        wake.resolve();
      }
    }
  })().catch(() => undefined);
  return {
    get raw() {
      return raw;
    },
    ended: reading,
    async next() {
      for (;;) {
        const change = waiting.shift();
        if (change) return change;
        wake = Promise.withResolvers();
        await wake.promise;
      }
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await reading;
    },
  };
}
