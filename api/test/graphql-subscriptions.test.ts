import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { memoriesOf, present } from './memories-operations.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
beforeAll(async () => {
  picard = await startTestPicard();
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => picard[Symbol.asyncDispose]());

interface Change {
  kind: string;
  memoryId: string;
  memory: { text: string; version: number } | null;
}
type Event = { data?: { memoryChanged: Change }; errors?: { extensions: Record<string, unknown> }[] };

const SUBSCRIBE = 'subscription { memoryChanged { kind memoryId memory { text version } } }';

/** An open stream; `next` answers the next event, null at the end. */
async function subscribe(
  key: string,
  url = picard.url,
): Promise<{ response: Response; next(): Promise<Event | null>; close(): void }> {
  const controller = new AbortController();
  const response = await fetch(new URL('/graphql', url), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${key}`,
    },
    body: JSON.stringify({ query: SUBSCRIBE }),
    signal: controller.signal,
  });
  const reader = present(response.body).pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let waiting = true;
  async function block(): Promise<string | null> {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end >= 0) {
        const found = text.slice(0, end);
        text = text.slice(end + 2);
        return found;
      }
      const { value, done } = await reader.read();
      if (done) return null;
      text += value;
    }
  }
  // The first ping tells that the stream is open and the listener in its place.
  if ((await block()) !== ':') waiting = false;
  return {
    response,
    async next() {
      for (let found = await block(); found !== null && waiting; found = await block()) {
        if (found.startsWith('event: complete')) return null;
        const data = /^data: (.*)$/m.exec(found)?.[1];
        if (data) return JSON.parse(data) as Event;
      }
      return null;
    },
    close: () => controller.abort(),
  };
}

/** Tells when the subscriber of an account is gone, by what the events themselves say at their end. */
function watchFollowers(): { opened: Promise<void>; closed: Promise<void> } {
  const opened = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  for (const { events } of picard.instances.map(({ services }) => services)) {
    const follow = events.follow.bind(events);
    vi.spyOn(events, 'follow').mockImplementation((ownerId, signal) => {
      const real = follow(ownerId, signal);
      const next = real.next.bind(real);
      const end = real.return.bind(real);
      real.next = async () => {
        const result = next();
        opened.resolve();
        if ((await result).done) closed.resolve();
        return result;
      };
      real.return = async (value) => {
        const result = await end(value);
        closed.resolve();
        return result;
      };
      return real;
    });
  }
  return { opened: opened.promise, closed: closed.promise };
}

const secret = async (scope: string, key?: string): Promise<{ secret: string; id: string }> => {
  const document =
    'mutation ($scope: Scope!) { createApiKey(input: { name: "s", scopes: [$scope], faces: [GRAPHQL] }) { ... on CreateApiKeyPayload { secret apiKey { id } } } }';
  const { createApiKey } = await picard.data<{ createApiKey: { secret: string; apiKey: { id: string } } }>(
    document,
    { scope },
    key,
  );
  return { secret: createApiKey.secret, id: createApiKey.apiKey.id };
};

describe('N10 P25 memoryChanged', () => {
  test('N10 P25 tells of every change in order, with the memory as it is', async () => {
    const key = await picard.account('hears');
    const mine = memoriesOf(picard, key);
    const stream = await subscribe(key);
    expect(stream.response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const { id } = await mine.keep({ text: 'first' });
    expect(await stream.next()).toEqual({
      data: { memoryChanged: { kind: 'SUBMITTED', memoryId: id, memory: { text: 'first', version: 1 } } },
    });
    await mine.update({ id, text: 'second' });
    expect(await stream.next()).toMatchObject({
      data: { memoryChanged: { kind: 'UPDATED', memoryId: id, memory: { text: 'second', version: 2 } } },
    });
    // Nothing differs, nothing is in the trash: neither is a change.
    await mine.update({ id, text: 'second' });
    await mine.undelete(id);
    await mine.delete({ id });
    expect((await stream.next())?.data?.memoryChanged.kind).toBe('DELETED');
    await mine.delete({ id });
    await mine.undelete(id);
    expect((await stream.next())?.data?.memoryChanged.kind).toBe('UNDELETED');
    await mine.submitAll([{ text: 'a' }, { text: '' }, { text: 'b' }]);
    const texts = [await stream.next(), await stream.next()].map(
      (event) => event?.data?.memoryChanged.memory?.text,
    );
    expect(texts.sort()).toEqual(['a', 'b']);
    stream.close();
  });

  test('N10 P21 tells nobody of another account’s memories', async () => {
    const [a, b] = [await picard.account('a-hears'), await picard.account('b-hears')];
    const streams = [await subscribe(a), await subscribe(b)];
    await memoriesOf(picard, a).keep({ text: 'of a' });
    await memoriesOf(picard, b).keep({ text: 'of b' });
    await memoriesOf(picard, a).keep({ text: 'of a again' });
    const [first, second] = await Promise.all(streams.map((stream) => stream.next()));
    expect(first?.data?.memoryChanged.memory?.text).toBe('of a');
    expect(second?.data?.memoryChanged.memory?.text).toBe('of b');
    for (const stream of streams) stream.close();
  });

  test('N10 several subscribers of one account all hear', async () => {
    const key = await picard.account('several');
    const streams = await Promise.all(Array.from({ length: 5 }, () => subscribe(key)));
    const { id } = await memoriesOf(picard, key).keep({ text: 'for all' });
    for (const stream of streams) {
      expect((await stream.next())?.data?.memoryChanged.memoryId).toBe(id);
      stream.close();
    }
  });

  test('N10 P14 ends with the key that it was opened with, and tells nothing more', async () => {
    const owner = await picard.account('revokes');
    const opened = await secret('MEMORIES_READ', owner);
    const stream = await subscribe(opened.secret);
    await memoriesOf(picard, owner).keep({ text: 'heard' });
    expect((await stream.next())?.data?.memoryChanged.memory?.text).toBe('heard');
    await picard.data(
      'mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { __typename } }',
      { id: opened.id },
      owner,
    );
    // As soon as the key opens nothing anew, at any instance, what it opened must be of no use either.
    const refused = async () => (await picard.ask('{ viewer { scopes } }', {}, opened.secret)).status === 401;
    for (let times = 0; times < picard.instances.length;) times = (await refused()) ? times + 1 : 0;
    await memoriesOf(picard, owner).keep({ text: 'not heard' });
    expect(await stream.next()).toBeNull();
  });

  test('N10 a client that goes away leaves no subscriber behind', async () => {
    const followers = watchFollowers();
    const key = await picard.account('leaves');
    const stream = await subscribe(key);
    await followers.opened;
    stream.close();
    await followers.closed;
  });

  test('P62 a server that stops ends its streams at once, and does not wait for them', async () => {
    await using stopping = await startTestPicard();
    const stream = await subscribe(stopping.key, stopping.url);
    const stopped = stopping.picard.http.close();
    expect(await stream.next()).toBeNull();
    await stopped;
  });

  test('P15 needs the scope for reading', async () => {
    const { secret: key } = await secret('MEMORIES_ADMIN');
    for (const [credential, code] of [
      [key, 'FORBIDDEN'],
      [null, 'UNAUTHENTICATED'],
    ] as const) {
      const { errors } = await picard.ask(SUBSCRIBE, {}, credential);
      expect(errors?.[0]?.extensions['code']).toBe(code);
    }
  });
});
