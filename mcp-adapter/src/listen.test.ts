import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { send } from '../test/conformance/hosts.ts';
import { type MuseumServer, startMuseumServer, visitor } from '../test/conformance/museum-server.ts';

let server: MuseumServer;
beforeEach(async () => {
  server = await startMuseumServer({
    bob: visitor({ userId: 'bob' }),
    blind: visitor({ scopes: new Set() }),
  });
});
afterEach(() => server[Symbol.asyncDispose]());

const listeners = (count: number) =>
  vi.waitFor(() => expect(server.museum.listeners()).toBe(count), { timeout: 10_000 });

describe('a stream of changes', () => {
  const listen = (uris: string[], token = 'full') =>
    send(server.url, 'subscriptions/listen', { notifications: { resourceSubscriptions: uris } }, { token });

  it('names the scope that a token lacks', async () => {
    const response = await listen(['test://exhibits/1'], 'blind');
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toMatch(
      /insufficient_scope.*museum:read.*resource_metadata/,
    );
  });

  it('ends with its token', async () => {
    const other = await startMuseumServer({
      brief: visitor({ expiresAt: new Date(Date.now() + 700) }),
    });
    const response = await send(
      other.url,
      'subscriptions/listen',
      { notifications: { resourceSubscriptions: ['test://exhibits/1'] } },
      { token: 'brief' },
    );
    expect(response.status).toBe(200);
    // It would never end by itself.
    expect(await response.text()).toContain('notifications/subscriptions/acknowledged');
    await vi.waitFor(() => expect(other.museum.listeners()).toBe(0));
    await other[Symbol.asyncDispose]();
  });

  it('acknowledges what is there and what is not alike', async () => {
    const giveUp = new AbortController();
    const acknowledged = async (uri: string) => {
      const params = { notifications: { resourceSubscriptions: [uri] } };
      const { signal } = giveUp;
      const { body } = await send(server.url, 'subscriptions/listen', params, { signal });
      const { value } = (await body?.getReader().read()) ?? {};
      return new TextDecoder().decode(value).replaceAll(uri, 'URI');
    };
    const [own, foreign, absent] = [
      await acknowledged('test://visitors/ada'),
      await acknowledged('test://visitors/bob'),
      await acknowledged('test://visitors/nobody'),
    ];
    expect(foreign).toBe(own);
    expect(absent).toBe(own);
    giveUp.abort();
  });

  it('ends when the server closes, and follows nothing any longer', async () => {
    const other = await startMuseumServer();
    const params = { notifications: { resourceSubscriptions: ['test://exhibits/1'] } };
    const response = await send(other.url, 'subscriptions/listen', params);
    await vi.waitFor(() => expect(other.museum.listeners()).toBe(1));
    await other[Symbol.asyncDispose]();
    expect(await response.text().catch(() => 'cut')).toBeTruthy();
    expect(other.museum.listeners()).toBe(0);
  });

  it('is refused beyond what one account needs, and free again when others have ended', async () => {
    const many = Array.from({ length: 1_001 }, (_each, index) => `test://exhibits/${index}`);
    expect((await listen(many)).status).toBe(400);
    const giveUp = new AbortController();
    const { signal } = giveUp;
    const params = { notifications: { resourceSubscriptions: ['test://exhibits/1'] } };
    const open = (token: string) => send(server.url, 'subscriptions/listen', params, { signal, token });
    await Promise.all(Array.from({ length: 1_000 }, () => open('full')));
    expect((await open('full')).status).toBe(400);
    expect((await open('bob')).status).toBe(200);
    giveUp.abort();
    await listeners(0);
    expect((await listen([])).status).toBe(200);
  });

  it('is one of more than the SDK allows', async () => {
    const few = await startMuseumServer({}, { maxStreams: 2 });
    const params = { notifications: { resourceSubscriptions: ['test://exhibits/1'] } };
    const giveUp = new AbortController();
    const open = () => send(few.url, 'subscriptions/listen', params, { signal: giveUp.signal });
    await open();
    await open();
    expect(await (await open()).text()).toContain('Subscription limit reached');
    giveUp.abort();
    await few[Symbol.asyncDispose]();
  });
});
