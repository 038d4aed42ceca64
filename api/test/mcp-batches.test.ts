import type { Progress } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectPerson, type Person } from './mcp-asking-host.ts';
import type { Era } from './mcp-requests.ts';
import { setScene, type Scene } from './mcp-scene.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
let key: string;
beforeAll(async () => {
  picard = await startTestPicard();
  key = await picard.account('ada');
});
afterAll(() => picard[Symbol.asyncDispose]());

const inTrash = async ({ tea }: Scene) => {
  const { memory } = await picard.data<{ memory: { deletedAt: string | null } }>(
    'query ($id: ID!) { memory(id: $id) { deletedAt } }',
    { id: tea },
    key,
  );
  return memory.deletedAt !== null;
};

describe.each<Era>(['2026-07-28', '2025-11-25'])('deleting in bulk, %s', (era) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await setScene(picard, key);
  });
  const remove = async (person: Person | undefined, more: object = {}) => {
    const client = await connectPerson(picard.url, era, key, person);
    const result = await client.callTool({
      name: 'delete_memories',
      arguments: { memories: [{ memory_id: scene.tea }, { memory_id: scene.train }], ...more },
    });
    await client.close();
    return result;
  };

  test('asks first, and does nothing when the person declines', async () => {
    const ada: Person = { agrees: false, asked: [] };
    expect(await remove(ada, { confirmed: true })).toMatchObject({ isError: true });
    expect(ada.asked).toEqual(['Move 2 memories to the trash?']);
    expect(await inTrash(scene)).toBe(false);
  });

  test('does nothing where nobody can be asked and nobody says that they were', async () => {
    expect(await remove(undefined)).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('CONFIRMATION_REQUIRED') }],
    });
    expect(await inTrash(scene)).toBe(false);
  });

  test('is done once the person agreed', async () => {
    const result = await remove({ agrees: true, asked: [] });
    expect(result.structuredContent).toMatchObject({ result: { succeeded: 2, failed: 0 } });
    expect(await inTrash(scene)).toBe(true);
  });
});

describe.each<Era>(['2026-07-28', '2025-11-25'])('a long batch, %s', (era) => {
  const items = Array.from({ length: 230 }, (_each, index) =>
    index === 205 ? { text: '' } : { text: `Number ${index}.` },
  );
  const submit = async (hears: boolean) => {
    const client = await connectPerson(picard.url, era, key);
    const told: Progress[] = [];
    const result = await client.callTool(
      { name: 'submit_memories', arguments: { memories: items, max_tokens: 100_000 } },
      hears ? { onprogress: (progress) => told.push(progress) } : {},
    );
    await client.close();
    return { told, result };
  };
  const withoutIds = (value: unknown) =>
    JSON.stringify(value).replaceAll(/"memory_id":"[^"]+"/g, '"memory_id":"…"');

  test('tells how far it is, and answers as one that tells nothing', async () => {
    const { told, result } = await submit(true);
    expect(told.map(({ progress }) => progress)).toEqual([100, 200, 230]);
    const quiet = await submit(false);
    expect(quiet.told).toEqual([]);
    const same = withoutIds(result.structuredContent) === withoutIds(quiet.result.structuredContent);
    expect(same).toBe(true);
    expect(result.structuredContent).toHaveProperty('result.results.205.field', 'memories[205].text');
  });
});
