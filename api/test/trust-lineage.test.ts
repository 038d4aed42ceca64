import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { added } from './audit-stage.ts';
import type { Somebody } from './groups-stage.ts';
import { memoriesOf } from './memories-operations.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { TrustStage } from './trust-stage.ts';

let picard: TestPicard;
let stage: TrustStage;
let ada: Somebody;
let bob: Somebody;
let cleo: Somebody;
let app: string;
beforeAll(async () => {
  picard = await startTestPicard();
  stage = new TrustStage(picard);
  [ada, bob, cleo] = await stage.people(1, 2, 3);
  app = await stage.appKey(ada);
});
afterAll(() => picard[Symbol.asyncDispose]());

const from = async (...derivedFrom: string[]): Promise<string> => (await stage.made(ada, { derivedFrom })).id;
const trusts = (...ids: string[]) => Promise.all(ids.map((id) => stage.trust(ada, id)));
const change = (id: string, more: Record<string, unknown>, key = ada.key) =>
  stage.write(ada, 'updateMemory', { id, ...more }, key);

describe('N8 what a memory was made of', () => {
  test('N8 makes it no more than the least of that, and is told in its order', async () => {
    const own = await from();
    const byApp = (await stage.made(ada, {}, app)).id;
    const imported = (await stage.made(ada, { trust: 'IMPORT' })).id;
    expect(await stage.made(ada, { derivedFrom: [own] })).toMatchObject({ trust: 'PERSON' });
    const made = await stage.made(ada, { derivedFrom: [imported, own, byApp, imported.toUpperCase()] });
    expect(made).toMatchObject({
      trust: 'IMPORT',
      derivedFrom: [{ id: imported }, { id: own }, { id: byApp }],
    });
    expect(await stage.made(ada, { derivedFrom: [own], trust: 'OTHER_PERSON' })).toMatchObject({
      trust: 'OTHER_PERSON',
    });
    expect(await stage.list(ada, { trust: ['IMPORT'] })).toContain(made.id);
  });

  test('N8 what somebody else wrote is theirs, also where it is public and their own words', async () => {
    const { id } = await stage.made(bob, { visibility: 'PUBLIC' });
    expect(await stage.trust(ada, id)).toBe('PERSON');
    expect(await stage.made(ada, { derivedFrom: [id] })).toMatchObject({
      trust: 'OTHER_PERSON',
      derivedFrom: [{ id }],
    });
  });

  test('N8 lowers, when it becomes less itself, what was made of it, and what was made of that', async () => {
    const source = await from();
    const second = await from(source);
    const third = await from(second, await from());
    const beside = await from();
    const acts = await added(picard, ada.key, () => change(source, { tags: ['by an app'] }, app));
    expect(acts.map(({ kind, subjectIds }) => [kind, subjectIds])).toEqual([
      ['MEMORY_UPDATED', [source]],
      ['MEMORY_UPDATED', [second]],
      ['MEMORY_UPDATED', [third]],
    ]);
    expect(await trusts(source, second, third, beside)).toEqual(['APP', 'APP', 'APP', 'PERSON']);
    expect(await memoriesOf(picard, ada.key).versions(third)).toHaveLength(1);
    await change(source, { text: 'Written anew by hand.' });
    expect(await trusts(source, second, third)).toEqual(['PERSON', 'APP', 'APP']);
  });

  test('N8 lowers it for readers’ filters too, and whoever changed it', async () => {
    const source = await from();
    const made = await from(source);
    await stage.share(ada, source, bob, { level: 'WRITE' });
    await stage.share(ada, made, cleo);
    await stage.write(bob, 'updateMemory', { id: source, text: 'Says Bob.' });
    expect(await trusts(source, made)).toEqual(['OTHER_PERSON', 'OTHER_PERSON']);
    expect(await stage.list(cleo, { trust: ['OTHER_PERSON'] })).toEqual([made]);
    expect(await stage.look(ada, made)).toMatchObject({ writtenBy: null });
  });

  test('N8 stays when the text is written anew, until it is said anew', async () => {
    const byApp = (await stage.made(ada, {}, app)).id;
    const made = await from(byApp);
    await change(made, { text: 'In my own words.' });
    expect(await stage.look(ada, made)).toMatchObject({ trust: 'APP', derivedFrom: [{ id: byApp }] });
    expect(await change(made, { derivedFrom: [byApp] })).toMatchObject({ memory: { trust: 'APP' } });
    expect(await memoriesOf(picard, ada.key).versions(made)).toHaveLength(2);
    expect(await change(made, { derivedFrom: [] }, app)).toMatchObject({
      memory: { trust: 'APP', derivedFrom: [] },
    });
    expect(await change(made, { derivedFrom: [byApp], text: 'Mine.' })).toMatchObject({
      memory: { trust: 'APP' },
    });
    expect(await change(made, { derivedFrom: null })).toMatchObject({
      memory: { trust: 'PERSON', derivedFrom: [] },
    });
  });

  test('N8 is not raised by an app that says it was made of something else', async () => {
    const imported = (await stage.made(ada, { trust: 'IMPORT' })).id;
    const made = await from(imported);
    await change(made, { derivedFrom: [await from()] }, app);
    expect(await trusts(made)).toEqual(['IMPORT']);
    await change(made, { derivedFrom: [] }, app);
    expect(await trusts(made)).toEqual(['IMPORT']);
  });

  test('N8 stays noted when it is erased', async () => {
    const byApp = (await stage.made(ada, {}, app)).id;
    const made = await from(byApp);
    await stage.erase(ada, byApp);
    expect(await stage.look(ada, made)).toMatchObject({ trust: 'APP', derivedFrom: [] });
    await change(made, { text: 'Said again.' });
    expect(await trusts(made)).toEqual(['APP']);
  });

  test.each(['submitMemory', 'updateMemory'])('N8 must be seen by whoever says so: %s', async (mutation) => {
    const hidden = (await stage.made(bob)).id;
    const trashed = await from();
    await picard.data(
      'mutation ($id: ID!) { deleteMemory(input: { id: $id }) { __typename } }',
      { id: trashed },
      ada.key,
    );
    const target = mutation === 'updateMemory' ? { id: await from() } : { text: 'Made of nothing' };
    for (const id of [hidden, trashed, randomUUID(), 'no id'])
      expect(await stage.write(ada, mutation, { ...target, derivedFrom: [id] })).toMatchObject({
        code: 'MEMORY_NOT_FOUND',
      });
    expect(await stage.found(ada, 'nothing')).toEqual([]);
  });

  test('N8 is refused where there is too much of it, or it is the memory itself', async () => {
    const { id } = await stage.made(ada);
    const many = Array.from({ length: 33 }, () => randomUUID());
    for (const derivedFrom of [many, [id]])
      expect(await change(id, { derivedFrom })).toMatchObject({ field: 'input.derivedFrom' });
  });

  test('N8 is the owner’s to say', async () => {
    const { id } = await stage.made(ada);
    await stage.share(ada, id, bob, { level: 'WRITE' });
    const bobs = (await stage.made(bob)).id;
    expect(await stage.write(bob, 'updateMemory', { id, derivedFrom: [bobs] })).toMatchObject({
      code: 'OWNER_ONLY',
    });
    expect(await trusts(id)).toEqual(['PERSON']);
  });

  test('N8 is told to readers as far as they may see it', async () => {
    const [open, closed] = [await from(), await from()];
    const made = await from(open, closed);
    await stage.share(ada, open, bob);
    await stage.share(ada, made, bob);
    expect(await stage.look(bob, made)).toMatchObject({ derivedFrom: [{ id: open }] });
    expect(await stage.look(ada, made)).toMatchObject({ derivedFrom: [{ id: open }, { id: closed }] });
    expect(await stage.look(cleo, made)).toBeNull();
  });

  test('N8 of one batch counts in the same batch', async () => {
    const [source, made] = [await from(), await from()];
    const { succeeded } = await memoriesOf(picard, ada.key).updateAll([
      { id: made, derivedFrom: [source] },
      { id: source, text: 'From a file', trust: 'IMPORT', tags: ['file'] },
    ]);
    expect(succeeded).toBe(2);
    // The person's text is said to be from a file.
    expect(await trusts(source, made)).toEqual(['IMPORT', 'IMPORT']);
  });
});
