import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { future } from './memories-operations.ts';
import type { Somebody } from './groups-stage.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { LiveStage } from './sharing-live-stage.ts';

let picard: TestPicard;
let stage: LiveStage;
let ada: Somebody;
let bob: Somebody;
let cleo: Somebody;
let eve: Somebody;
beforeAll(async () => {
  picard = await startTestPicard({ embedding: 'none' });
  stage = new LiveStage(picard, picard);
  [ada, bob, cleo, eve] = await stage.people(1, 1, 1, 1);
});
afterAll(() => picard[Symbol.asyncDispose]());

/** A memory of Ada's that Bob may write and Cleo read. */
async function shared(text: string, more: Record<string, unknown> = {}): Promise<string> {
  const id = await stage.keep(ada, text, more);
  await stage.share(ada, { memoryId: id }, bob.id, { level: 'WRITE' });
  await stage.share(ada, { memoryId: id }, cleo.id);
  return id;
}

const found = async (who: Somebody, text: string): Promise<string[]> => {
  const { searchMemories } = await picard.data<{ searchMemories: { edges: { node: { id: string } }[] } }>(
    'query ($text: String!) { searchMemories(query: $text, mode: WORDS) { edges { node { id } } } }',
    { text },
    who.key,
  );
  return searchMemories.edges.map(({ node }) => node.id);
};

const history = async (who: Somebody, id: string) => {
  type Version = { version: number; text: string; trust: string; writtenBy: { handle: string } | null };
  const { data, errors } = await picard.ask(
    `query ($id: ID!) { memory(id: $id) { id versions { edges { node { version text trust writtenBy { handle } } } } } }`,
    { id },
    who.key,
  );
  const answer = data as unknown as { memory: { versions: { edges: { node: Version }[] } | null } | null };
  return {
    memory: answer.memory,
    versions: answer.memory?.versions?.edges.map(({ node }) => node),
    code: errors?.[0]?.extensions['code'],
  };
};

describe('whoever may write another’s memory', () => {
  test('changes its text, language and occurredAt, and the owner’s history tells who it was', async () => {
    const id = await shared('Quaggas live in Bergen');
    const input = {
      id,
      text: 'Okapis live in Oslo',
      language: 'en-GB',
      occurredAt: '2026-01-02T03:04:05.678Z',
    };
    const { memory } = await stage.memories(bob).update(input);
    expect(memory).toMatchObject({
      ...input,
      version: 2,
      trust: 'OTHER_PERSON',
      owner: { handle: ada.handle },
    });
    for (const who of [ada, bob, cleo]) {
      expect(await stage.memories(who).get(id)).toMatchObject({ ...input, version: 2 });
      expect(await found(who, 'okapis')).toEqual([id]);
      expect(await found(who, 'quaggas')).toEqual([]);
    }
    await stage.memories(ada).update({ id, tags: ['zoo'] });
    expect(await history(ada, id)).toMatchObject({
      versions: [
        { version: 3, text: input.text, writtenBy: { handle: ada.handle } },
        { version: 2, text: input.text, trust: 'OTHER_PERSON', writtenBy: { handle: bob.handle } },
        { version: 1, text: 'Quaggas live in Bergen', trust: 'PERSON', writtenBy: { handle: ada.handle } },
      ],
    });
    expect(await found(eve, 'okapis')).toEqual([]);
  });

  test('is asked for the version that they read', async () => {
    const id = await shared('first');
    await stage.memories(ada).update({ id, text: 'second' });
    expect(await stage.memories(bob).update({ id, text: 'third', expectedVersion: 1 })).toMatchObject({
      code: 'VERSION_CONFLICT',
      currentVersion: 2,
    });
    expect(await stage.memories(bob).update({ id, text: 'third', expectedVersion: 2 })).toMatchObject({
      memory: { version: 3 },
    });
  });

  test.each([
    ['tags', ['mine']],
    ['kind', 'FACT'],
    ['visibility', 'PUBLIC'],
    ['source', 'elsewhere'],
    ['sourceId', 'another'],
    ['thread', 'a thread'],
    ['expiresAt', future],
  ])('does not change its %s', async (field, value) => {
    const id = await shared('as it is', {
      tags: ['hers'],
      source: 'diary',
      sourceId: `${field} ${Math.random()}`,
    });
    const before = await stage.memories(ada).get(id);
    expect(await stage.memories(bob).update({ id, text: 'and this', [field]: value })).toMatchObject({
      __typename: 'OwnerOnly',
      code: 'OWNER_ONLY',
      message: expect.stringContaining(field),
    });
    expect(await stage.memories(ada).get(id)).toEqual(before);
    // A form that sends every field back changes none of them.
    const same = { tags: ['hers'], source: 'diary', kind: 'NOTE', expiresAt: null };
    expect(await stage.memories(bob).update({ id, ...same, text: 'and this' })).toMatchObject({
      memory: { text: 'and this', tags: ['hers'] },
    });
  });

  test('may have kept the same source themselves', async () => {
    const source = { source: 'feed', sourceId: 'entry 1' };
    const id = await shared('hers', source);
    await stage.keep(bob, 'his', source);
    expect(await stage.memories(bob).update({ id, text: 'hers, by Bob' })).toMatchObject({
      memory: { text: 'hers, by Bob', sourceId: 'entry 1' },
    });
  });

  test('changes memories of several owners in one batch, all or none if asked', async () => {
    const [hers, cleos, own] = await Promise.all([
      shared('Ada’s'),
      stage.keep(cleo, 'Cleo’s'),
      stage.keep(bob, 'Bob’s'),
    ]);
    await stage.share(cleo, { memoryId: cleos }, bob.id, { level: 'SHARE' });
    const readable = await stage.keep(ada, 'to read');
    await stage.share(ada, { memoryId: readable }, bob.id);
    const foreign = await stage.keep(ada, 'not Bob’s to see');
    const all = [hers, cleos, own].map((id) => ({ id, text: `new ${id}` }));
    const refused = [readable, foreign].map((id) => ({ id, text: 'never' }));
    expect(await stage.memories(bob).updateAll([...all, ...refused], true)).toMatchObject({
      __typename: 'BatchRefused',
      failures: [{ code: 'NOT_PERMITTED' }, { code: 'MEMORY_NOT_FOUND' }],
    });
    expect(await stage.memories(bob).updateAll([...all, ...refused])).toMatchObject({
      results: [
        { memory: { text: `new ${hers}`, trust: 'OTHER_PERSON' } },
        { memory: { text: `new ${cleos}`, trust: 'OTHER_PERSON' } },
        { memory: { text: `new ${own}`, trust: 'PERSON' } },
        { code: 'NOT_PERMITTED' },
        { code: 'MEMORY_NOT_FOUND' },
      ],
    });
    for (const [who, id] of [
      [ada, hers],
      [cleo, cleos],
      [bob, own],
    ] as const)
      expect(await stage.memories(who).get(id)).toMatchObject({ text: `new ${id}`, version: 2 });
  });
});

describe('what is the owner’s alone', () => {
  test('is refused to those who may see the memory, and unknown to those who may not', async () => {
    const id = await shared('once');
    await stage.memories(ada).update({ id, text: 'twice' });
    for (const [who, code] of [
      [bob, 'NOT_PERMITTED'],
      [cleo, 'NOT_PERMITTED'],
      [eve, 'MEMORY_NOT_FOUND'],
    ] as const) {
      const theirs = stage.memories(who);
      expect(await theirs.delete({ id })).toMatchObject({ code });
      expect(await theirs.deleteAll([{ id }])).toMatchObject({ results: [{ code }] });
      expect(await theirs.undelete(id)).toMatchObject({ code });
      expect(await theirs.restore({ id, version: 1 })).toMatchObject({ code });
      if (who !== bob) expect(await theirs.update({ id, text: 'never' })).toMatchObject({ code });
    }
    expect(await history(bob, id)).toEqual({
      memory: { id, versions: null },
      versions: undefined,
      code: 'NOT_PERMITTED',
    });
    expect(await history(eve, id)).toEqual({ memory: null, versions: undefined, code: undefined });
    expect(await stage.memories(ada).get(id)).toMatchObject({ text: 'twice', version: 2, deletedAt: null });
    await stage.memories(ada).delete({ id });
    for (const who of [bob, cleo]) {
      expect(await stage.memories(who).undelete(id)).toMatchObject({ code: 'MEMORY_NOT_FOUND' });
      expect(await stage.memories(who).update({ id, text: 'never' })).toMatchObject({
        code: 'MEMORY_NOT_FOUND',
      });
    }
  });
});
