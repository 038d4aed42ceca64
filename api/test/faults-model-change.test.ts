import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EmbeddingStage } from './faults-embedding-stage.ts';
import { breaches } from './storage-invariants.ts';

let stage: EmbeddingStage;
beforeEach(async () => {
  stage = await EmbeddingStage.open();
});
afterEach(() => stage[Symbol.asyncDispose]());

describe('another model', () => {
  const states = () =>
    stage.database.forJobs(
      (sql) =>
        sql<
          { dimensions: number; state: string }[]
        >`select dimensions, state from embedding_models order by id`,
    );
  beforeEach(async () => {
    await stage.start(8);
    await stage.submit('green tea', 'iced coffee', 'a pelican');
    await stage.allEmbedded();
    await stage.stop();
  });

  test('is built in the background while the former one answers, then takes over', async () => {
    const gate = Promise.withResolvers<void>();
    // Only what the new model is asked for waits: queries to the former one must be answered.
    stage.provider.hold = (texts) => (texts.length === 3 ? gate.promise : undefined);
    const asked = stage.provider.asked((texts) => texts.length === 3);
    await stage.start(12, 8);
    await asked;
    expect(await states()).toEqual([
      { dimensions: 8, state: 'active' },
      { dimensions: 12, state: 'building' },
    ]);
    expect(stage.activeModel).toContain('/8@');
    expect((await stage.search('green tea')).mode).toBe('HYBRID');
    const [late] = await stage.submit('written meanwhile');
    gate.resolve();
    await stage.until(() => stage.activeModel?.includes('/12@') ?? false);
    expect(await states()).toEqual([
      { dimensions: 8, state: 'retired' },
      { dimensions: 12, state: 'active' },
    ]);
    const found = await stage.search('written meanwhile');
    expect(found).toMatchObject({ mode: 'HYBRID', notice: null });
    expect(found.hits[0]?.memory.id).toBe(late);
    await stage.allEmbedded();
    expect(await breaches(stage.database)).toEqual({});
  });

  test('that refuses one text takes over none the less', async () => {
    stage.provider.refuses = (text) => text.includes('pelican');
    await stage.start(12);
    await stage.until(() => stage.activeModel?.includes('/12@') ?? false);
    expect((await stage.pending()).map(({ givenUp }) => givenUp)).toEqual([true]);
  });

  test('does not take over while its provider is down', async () => {
    stage.provider.fault = { kind: 'status', status: 404 };
    await stage.start(12);
    for (let round = 0; round < 3; round += 1) {
      await stage.until(async () => (await stage.pending()).every(({ attempts }) => attempts > round));
      await stage.hurry();
    }
    expect(await states()).toContainEqual({ dimensions: 12, state: 'building' });
    expect((await stage.search('pelican')).hits).toHaveLength(1);
  });

  test('is dropped when the settings go back before it was ready, and asks for nothing more', async () => {
    stage.provider.fault = { kind: 'status', status: 500 };
    await stage.start(12);
    await stage.stop();
    stage.provider.fault = undefined;
    await stage.start(8);
    expect(await states()).toEqual([
      { dimensions: 8, state: 'active' },
      { dimensions: 12, state: 'retired' },
    ]);
    await stage.submit('after the change');
    await stage.allEmbedded();
    expect(stage.activeModel).toContain('/8@');
    expect(await breaches(stage.database)).toEqual({});
  });

  test('gets what was written by a process that did not know of it yet', async () => {
    await stage.start(12);
    await stage.until(() => stage.activeModel?.includes('/12@') ?? false);
    await stage.stop();
    // As if the write had been under way when the model was taken on: neither a vector nor a wish.
    await stage.database.forJobs(async (sql) => {
      await sql`update embedding_models set state = case dimensions when 8 then 'retired' else 'building' end`;
      await sql`delete from memory_embeddings e using embedding_models m where m.id = e.model_id and m.dimensions = 12
        and e.memory_id = (select id from memories order by id limit 1)`;
    });
    await stage.start(12);
    await stage.until(() => stage.activeModel?.includes('/12@') ?? false);
    expect(await breaches(stage.database)).toEqual({});
  });
});
