import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectHost, eras, send } from '../test/conformance/hosts.ts';
import { type MuseumServer, startMuseumServer, visitor } from '../test/conformance/museum-server.ts';

let server: MuseumServer;
beforeAll(async () => {
  server = await startMuseumServer({ blind: visitor({ scopes: new Set() }) });
});
afterAll(() => server[Symbol.asyncDispose]());

const fixed = ['test://static-binary', 'test://static-text'];

describe.each(eras)('the list of resources, %s', (era) => {
  it('comes in the pages of its query, and each can be read', async () => {
    const client = await connectHost(server.url, era);
    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const page = await client.request({ method: 'resources/list', params: cursor ? { cursor } : {} });
      pages.push(page.resources.map(({ uri }) => uri));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    const exhibits = [1, 2, 3, 4, 5].map((id) => `test://template/${id}/data`);
    expect(pages).toEqual([[...fixed, ...exhibits.slice(0, 2)], exhibits.slice(2, 4), exhibits.slice(4)]);
    for (const uri of pages.flat()) expect((await client.readResource({ uri })).contents).toHaveLength(1);
    await client.close();
  });

  it('names what it lists', async () => {
    const client = await connectHost(server.url, era);
    const { resources } = await client.request({ method: 'resources/list' });
    expect(resources[2]).toMatchObject({ name: 'Exhibit 1: Data for ID: 1', mimeType: 'application/json' });
    await client.close();
  });

  it('refuses a cursor that is none, without telling why in its own words', async () => {
    const client = await connectHost(server.url, era);
    const wrong = client.request({ method: 'resources/list', params: { cursor: 'nowhere' } });
    await expect(wrong).rejects.toThrow(/Correlation id/);
    await client.close();
  });

  it('has what stands alone for those who may not read the rest', async () => {
    const client = await connectHost(server.url, era, { token: 'blind' });
    const { resources } = await client.request({ method: 'resources/list' });
    expect(resources.map(({ uri }) => uri)).toEqual(fixed);
    await client.close();
  });

  it('gives a resource in its own form', async () => {
    const client = await connectHost(server.url, era);
    expect(await client.readResource({ uri: 'test://static-text' })).toMatchObject({
      contents: [{ mimeType: 'text/plain', text: 'This is a simple text response for testing.' }],
    });
    const { contents } = await client.readResource({ uri: 'test://static-binary' });
    expect(contents[0]).toMatchObject({ mimeType: 'image/png', blob: expect.stringMatching(/^iVBOR/) });
    await expect(client.readResource({ uri: 'test://template/none/data' })).rejects.toThrow(/not found/i);
    await client.close();
  });
});

it('what is everybody’s own is for no shared cache', async () => {
  const hint = async (method: string, params = {}) => {
    const { result } = JSON.parse(await (await send(server.url, method, params)).text());
    return [result.ttlMs, result.cacheScope];
  };
  expect(await hint('resources/list')).toEqual([0, 'private']);
  expect(await hint('resources/read', { uri: 'test://static-text' })).toEqual([0, 'private']);
  for (const method of ['tools/list', 'prompts/list', 'resources/templates/list']) {
    expect(await hint(method)).toEqual([300_000, 'public']);
  }
});
