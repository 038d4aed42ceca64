import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startRemoteApi } from '../test/fixture-remote-api.ts';
import { exchangingWith } from './exchanging.ts';
import { createExchange } from './token-exchange.ts';

let remote: Awaited<ReturnType<typeof startRemoteApi>>;
beforeAll(async () => {
  remote = await startRemoteApi();
});
afterAll(() => remote.close());

let listening: AbortController;
beforeEach(() => {
  listening = new AbortController();
  remote.credentials.set('key', { scopes: ['memories:read'], faces: ['mcp'] });
  Object.assign(remote.seen, { exchanges: [], streams: 0 });
  Object.assign(remote.behaviour, { lifeSeconds: 300, isAway: false });
});
afterEach(() => listening.abort());

/** Follows changes until the test ends; what is heard is in the list. */
async function follow() {
  const { authenticator, executor } = exchangingWith(
    createExchange(remote.exchangeOptions),
    remote.addresses,
  );
  const principal = await authenticator.authenticate('key', 'mcp');
  const events = principal
    ? executor.subscribe?.({
        document: 'subscription S { a }',
        operationName: 'S',
        variables: {},
        scopes: ['memories:read'],
        continuous: true,
        principal,
        signal: listening.signal,
      })
    : undefined;
  const heard: unknown[] = [];
  const ended = (async () => {
    for await (const { data } of events ?? []) heard.push(data?.['a']);
  })();
  return { heard, ended };
}

const patience = { timeout: 10_000 };
const streams = (count: number) => vi.waitFor(() => expect(remote.seen.streams).toBe(count), patience);

describe('a subscription that goes on', () => {
  it('is begun anew before its token ends, and misses nothing', async () => {
    remote.behaviour.lifeSeconds = 1;
    const { heard } = await follow();
    await streams(1);
    let told = 0;
    for (let stream = 2; stream <= 4; stream += 1) {
      remote.tell({ a: (told += 1) });
      await streams(stream);
      remote.tell({ a: (told += 1) });
    }
    await vi.waitFor(() => expect([...new Set(heard)]).toEqual([1, 2, 3, 4, 5, 6]), patience);
    expect(remote.openStreams.size).toBeLessThanOrEqual(3);
  });

  it('is begun anew when the API was away', async () => {
    const { heard } = await follow();
    await streams(1);
    remote.behaviour.isAway = true;
    remote.openStreams.forEach((res) => res.destroy());
    await vi.waitFor(() => expect(remote.openStreams.size).toBe(0));
    remote.behaviour.isAway = false;
    await streams(2);
    remote.tell({ a: 'again' });
    await vi.waitFor(() => expect(heard).toEqual(['again']), patience);
  });

  it('ends with the credential', async () => {
    const { ended } = await follow();
    await streams(1);
    remote.credentials.delete('key');
    remote.openStreams.forEach((res) => res.end('event: complete\n\n'));
    await ended;
    expect(remote.seen.streams).toBe(1);
  });

  it('ends at the API when nobody listens any longer', async () => {
    const { ended } = await follow();
    await streams(1);
    listening.abort();
    await ended;
    await vi.waitFor(() => expect(remote.openStreams.size).toBe(0), patience);
  });
});
