import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAccountCli, writeLines } from './cli-process.ts';
import type { Somebody } from './groups-stage.ts';
import { hosts } from './mcp-hosts.ts';
import { memoriesOf } from './memories-operations.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { TrustStage } from './trust-stage.ts';

let picard: TestPicard;
let stage: TrustStage;
let ada: Somebody;
let bob: Somebody;
let app: string;
beforeAll(async () => {
  picard = await startTestPicard();
  stage = new TrustStage(picard);
  [ada, bob] = await stage.people(1, 2);
  app = await stage.appKey(ada);
});
afterAll(() => picard[Symbol.asyncDispose]());

async function rest(
  key: string,
  tool: string,
  data: object,
): Promise<Record<string, ReturnType<JSON['parse']>>> {
  const response = await fetch(new URL('/api/tools', picard.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ tool, data }),
  });
  return (await response.json()) as Record<string, ReturnType<JSON['parse']>>;
}

/** A memory of Ada's own words that Bob may write. */
async function shared(): Promise<string> {
  const { id } = await stage.made(ada);
  await stage.share(ada, id, bob, { level: 'WRITE' });
  return id;
}

describe('N8 who wrote a new memory', () => {
  test('N8 over GraphQL: the person who holds their account, else an app', async () => {
    expect(await stage.made(ada)).toMatchObject({ trust: 'PERSON', writtenBy: null, derivedFrom: [] });
    expect(await stage.made(ada, {}, app)).toMatchObject({ trust: 'APP' });
  });

  test.each(hosts)('N8 over MCP, $name, $era: an app, with whatever key', async ({ connect }) => {
    const client = await connect({ url: picard.url, key: ada.key });
    const { id } = await stage.made(ada);
    await client.callTool({ name: 'submit_memory', arguments: { text: 'Ada has a cat.', source_id: id } });
    await client.callTool({ name: 'update_memory', arguments: { memory_id: id, text: 'Ada has a dog.' } });
    await client.close();
    expect(await stage.trust(ada, id)).toBe('APP');
    const { edges } = await memoriesOf(picard, ada.key).list({ first: 1 });
    expect(edges[0]?.node).toMatchObject({ sourceId: id, trust: 'APP' });
  });

  test('N8 over REST: an app, with whatever key', async () => {
    const { data } = await rest(ada.key, 'submit_memories', { memories: [{ text: 'Ada has a dog.' }] });
    expect(await stage.trust(ada, data.result.results[0].memory.memory_id)).toBe('APP');
  });

  test('N8 an import: an import, whatever its lines say', async () => {
    await using own = await createAccountCli(picard, 'importer');
    const file = await writeLines(own, 'a.jsonl', [
      { text: 'Believe me', trust: 'PERSON' },
      { text: 'Me too' },
    ]);
    await own.run('import', file);
    const { edges } = await memoriesOf(picard, own.key).list({});
    expect(edges.map(({ node }) => node.trust)).toEqual(['IMPORT', 'IMPORT']);
  });

  test.each(['APP', 'IMPORT', 'OTHER_PERSON'])('N8 may be said to be less: %s', async (trust) => {
    expect(await stage.made(ada, { trust })).toMatchObject({ trust });
    expect(await stage.made(ada, { trust }, app)).toMatchObject({ trust });
  });

  test('N8 is never more than the credential writes: it is told so, and nothing is kept', async () => {
    const before = await stage.list(ada);
    const input = { text: 'I am the person', trust: 'PERSON' };
    expect(await stage.write(ada, 'submitMemory', input, app)).toMatchObject({
      code: 'INVALID_INPUT',
      field: 'input.trust',
      message: expect.stringContaining('must be at most APP'),
    });
    const { failed, results } = await memoriesOf(picard, app).submitAll([{ text: 'kept' }, input]);
    expect([failed, results?.[1]]).toEqual([1, expect.objectContaining({ field: 'memories.1.trust' })]);
    expect(await stage.list(ada)).toHaveLength(before.length + 1);
  });
});

describe('N8 who changed a memory', () => {
  test('N8 an app lowers it, and the person’s own text makes it theirs again', async () => {
    const { id } = await stage.made(ada);
    await stage.write(ada, 'updateMemory', { id, tags: ['by hand'] });
    expect(await stage.trust(ada, id)).toBe('PERSON');
    await stage.write(ada, 'updateMemory', { id, visibility: 'PRIVATE' }, app);
    expect(await stage.trust(ada, id)).toBe('PERSON');
    await stage.write(ada, 'updateMemory', { id, tags: ['by an app'] }, app);
    expect(await stage.trust(ada, id)).toBe('APP');
    await stage.write(ada, 'updateMemory', { id, tags: ['by hand again'] });
    expect(await stage.trust(ada, id)).toBe('APP');
    await stage.write(ada, 'updateMemory', { id, text: 'Mira lives in Bergen.' });
    expect(await stage.trust(ada, id)).toBe('PERSON');
    const versions = await memoriesOf(picard, ada.key).versions(id);
    expect(versions.map(({ trust }) => trust)).toEqual([
      'PERSON',
      'APP',
      'APP',
      'PERSON',
      'PERSON',
      'PERSON',
    ]);
  });

  test.each(['update_memory', 'update_memories'])(
    'N8 %s lowers it, and asked again changes nothing',
    async (name) => {
      const { id } = await stage.made(ada);
      const change = { memory_id: id, text: 'Mira moved.' };
      const args = name === 'update_memory' ? change : { memories: [change] };
      await stage.tool(ada, name, args);
      await stage.tool(ada, name, args);
      expect(await stage.trust(ada, id)).toBe('APP');
      expect(await memoriesOf(picard, ada.key).versions(id)).toHaveLength(2);
    },
  );

  test('N8 an app does not make another’s words its own by writing them again', async () => {
    const { id } = await stage.made(ada, { trust: 'OTHER_PERSON' });
    await stage.write(ada, 'updateMemory', { id, text: 'Mira lives in Oslo!' }, app);
    expect(await stage.trust(ada, id)).toBe('OTHER_PERSON');
    expect(await stage.write(ada, 'updateMemory', { id, text: 'x', trust: 'PERSON' }, app)).toMatchObject({
      field: 'input.trust',
    });
  });

  test('N8 whoever may write somebody else’s memory leaves their words in it', async () => {
    const id = await shared();
    await stage.write(bob, 'updateMemory', { id, text: 'Mira lives with Bob.' });
    for (const who of [ada, bob])
      expect(await stage.look(who, id)).toMatchObject({
        trust: 'OTHER_PERSON',
        writtenBy: { handle: bob.handle },
      });
    expect(await stage.list(ada, { trust: ['OTHER_PERSON'] })).toContain(id);
    expect(await stage.list(bob, { trust: ['PERSON'] })).not.toContain(id);
    await stage.write(ada, 'updateMemory', { id, text: 'Mira lives alone.' });
    expect(await stage.look(ada, id)).toMatchObject({ trust: 'PERSON', writtenBy: null });
  });

  test('N8 an earlier version that is written again is what it was', async () => {
    const id = await shared();
    await stage.write(bob, 'updateMemory', { id, text: 'Mira lives with Bob.' });
    await stage.write(ada, 'updateMemory', { id, text: 'Mira lives alone.' });
    const restore = (version: number, key = ada.key) =>
      stage.write(ada, 'restoreMemoryVersion', { id, version }, key);
    expect(await restore(2)).toMatchObject({ memory: { trust: 'OTHER_PERSON' } });
    expect(await restore(1, app)).toMatchObject({ memory: { trust: 'OTHER_PERSON' } });
    expect(await restore(2)).toMatchObject({ memory: { trust: 'OTHER_PERSON' } });
    expect(await restore(1)).toMatchObject({ memory: { trust: 'PERSON' } });
  });
});
