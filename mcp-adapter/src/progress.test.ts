import type { Progress } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectHost, eras } from '../test/conformance/hosts.ts';
import { type MuseumServer, startMuseumServer } from '../test/conformance/museum-server.ts';
import { type FixtureServer, startFixtureServer } from '../test/fixture-server.ts';

let museum: MuseumServer;
let picard: FixtureServer;
beforeAll(async () => {
  museum = await startMuseumServer();
  picard = await startFixtureServer();
});
afterAll(async () => {
  await museum[Symbol.asyncDispose]();
  await picard.close();
});

describe.each(eras)('progress, %s', (era) => {
  it('is what the events of a subscription say, and its last event is the answer', async () => {
    const client = await connectHost(museum.url, era);
    const told: Progress[] = [];
    const result = await client.callTool(
      { name: 'test_tool_with_progress', arguments: {} },
      { onprogress: (progress) => told.push(progress) },
    );
    expect(told).toEqual([
      { progress: 0, total: 100, message: 'Tool execution started' },
      { progress: 50, total: 100, message: 'Tool processing data' },
      { progress: 100, total: 100, message: 'Tool execution completed' },
    ]);
    expect(result.structuredContent).toHaveProperty('step.done', 100);
    await client.close();
  });

  const memories = (count: number) =>
    Array.from({ length: count }, (_each, index) => ({ text: index === 120 ? '' : `Memory ${index}.` }));
  const submit = async (args: object, hears: boolean) => {
    const client = await connectHost(picard.url, era);
    const told: Progress[] = [];
    const before = picard.api.requests.length;
    const result = await client.callTool(
      { name: 'submit_memories', arguments: { ...args, max_tokens: 100_000 } },
      hears ? { onprogress: (progress) => told.push(progress) } : {},
    );
    await client.close();
    return { result, told, requests: picard.api.requests.length - before };
  };

  it('is told of a batch after each part, and the answer is that of the whole', async () => {
    const { result, told, requests } = await submit({ memories: memories(250) }, true);
    expect(told.map(({ progress, total }) => [progress, total])).toEqual([
      [100, 250],
      [200, 250],
      [250, 250],
    ]);
    expect(requests).toBe(3);
    expect(result.structuredContent).toMatchObject({ result: { succeeded: 249, failed: 1 } });
    expect(result.structuredContent).toHaveProperty('result.results.length', 250);
    expect(result.structuredContent).toHaveProperty('result.results.120.code', 'INVALID_INPUT');
  });

  it.each([
    ['nobody hears of it', { memories: memories(250) }, false],
    ['all or none is asked', { memories: memories(250), atomic: true }, true],
    ['it is more than the API takes at once', { memories: memories(501) }, true],
    ['it is one part', { memories: memories(100) }, true],
  ])('a batch is one call when %s', async (_when, args, hears) => {
    const { told, requests } = await submit(args, hears);
    expect([requests, told]).toEqual([1, []]);
  });

  it('leaves a batch that names one memory twice to the API, whole', async () => {
    const client = await connectHost(picard.url, era);
    const before = picard.api.requests.length;
    const memory_id = '7b1e4c52-6d0f-4a8e-9c55-0f6a1c2d3e4f';
    const memories = Array.from({ length: 150 }, () => ({ memory_id, text: 'Tea.' }));
    await client.callTool(
      { name: 'update_memories', arguments: { memories } },
      { onprogress: () => undefined },
    );
    expect(picard.api.requests.length - before).toBe(1);
    await client.close();
  });

  it('says how far a batch came that broke', async () => {
    const broken = memories(250).with(150, { text: 'database down' });
    const { result, requests } = await submit({ memories: broken }, true);
    expect(requests).toBe(2);
    expect(result).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('The first 100 of 250 items were carried out') }],
    });
    expect(JSON.stringify(result)).not.toContain('secret');
  });
});

describe.each(eras)('a call that the host gives up, %s', (era) => {
  it('is given up by the operation', async () => {
    const client = await connectHost(museum.url, era);
    const before = museum.museum.givenUp();
    const giveUp = new AbortController();
    const call = client.callTool({ name: 'test_endless', arguments: {} }, { signal: giveUp.signal });
    // Given up before it arrives, the call would never reach the operation.
    await vi.waitFor(() => expect(museum.museum.waiting()).toBe(1));
    giveUp.abort();
    await expect(call).rejects.toThrow();
    await vi.waitFor(() => expect(museum.museum.givenUp()).toBe(before + 1));
    expect(museum.museum.waiting()).toBe(0);
    await client.close();
  });
});
