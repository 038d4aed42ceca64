import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deleteMemory } from '../src/memories/delete-memories.ts';
import { updateMemory } from '../src/memories/update-memories.ts';
import type { Fault } from '../src/models/testing/openai-faults.ts';
import { EmbeddingStage } from './faults-embedding-stage.ts';
import { breaches } from './storage-invariants.ts';

let stage: EmbeddingStage;
beforeEach(async () => {
  stage = await EmbeddingStage.open();
});
afterEach(() => stage[Symbol.asyncDispose]());

describe('a provider that does not answer as it should', () => {
  test.each<[string, Fault]>([
    ['fails', { kind: 'status', status: 500 }],
    ['asks for a pause', { kind: 'status', status: 429, headers: { 'retry-after': '0' } }],
    ['answers something else', { kind: 'body', body: '<html>Bad gateway</html>' }],
    ['answers half', { kind: 'body', body: '{"object":"list","data":[]}' }],
    ['ends the connection', { kind: 'reset' }],
    ['refuses the key, and quotes what it was sent', { kind: 'status', status: 401, message: 'pelican key' }],
    ['knows no such model', { kind: 'status', status: 404, message: 'pelican' }],
  ])('when it %s, writing and searching by word go on, and vectors follow', async (_what, fault) => {
    await stage.start(8);
    stage.provider.fault = fault;
    const [id = ''] = await stage.submit('A pelican by the lake');
    await stage.until(
      async () =>
        (await stage.pending()).some(({ attempts }) => attempts > 0) && stage.log.join().includes(id),
    );
    const meanwhile = await stage.search('pelican');
    expect(meanwhile.hits.map((hit) => hit.memory.id)).toEqual([id]);
    expect(meanwhile.mode).toBe('WORDS');
    expect(meanwhile.notice).toContain('found by word alone');
    expect(stage.log.join('')).not.toContain('pelican');

    stage.provider.fault = undefined;
    await stage.hurry();
    await stage.allEmbedded();
    expect(await stage.search('pelican')).toMatchObject({ mode: 'HYBRID', notice: null });
  });
});

test('a text that is refused holds up no other, and is not sent for ever', async () => {
  await stage.start(8);
  stage.provider.refuses = (text) => text.includes('unspeakable');
  const [, refused] = await stage.submit('one', 'something unspeakable', 'three', 'four');
  await stage.until(async () => (await stage.pending()).every(({ givenUp }) => givenUp));
  expect(await stage.pending()).toEqual([{ memoryId: refused, attempts: 1, givenUp: true }]);
  expect(stage.log.join('')).not.toContain('unspeakable');
  expect((await stage.search('unspeakable')).hits.map(({ memory }) => memory.id)).toContain(refused);

  await updateMemory(stage.services, stage.viewer, { id: refused ?? '', text: 'something mild' });
  await stage.allEmbedded();
  expect(await stage.distance(refused ?? '', 'something mild', 8)).toBeCloseTo(0, 2);
});

test('what changes while it is embedded is embedded anew', async () => {
  await stage.start(64);
  const gate = Promise.withResolvers<void>();
  stage.provider.hold = () => gate.promise;
  const asked = stage.provider.asked((texts) => texts.includes('green tea'));
  const [id = ''] = await stage.submit('green tea');
  await asked;
  await updateMemory(stage.services, stage.viewer, { id, text: 'iced coffee' });
  gate.resolve();
  await stage.allEmbedded();
  expect(await stage.distance(id, 'iced coffee', 64)).toBeCloseTo(0, 2);
  expect(await breaches(stage.database)).toEqual({});
});

test('what is erased while it is embedded leaves no vector behind', async () => {
  await stage.start(8);
  const gate = Promise.withResolvers<void>();
  stage.provider.hold = () => gate.promise;
  const asked = stage.provider.asked((texts) => texts.includes('green tea'));
  const [id = ''] = await stage.submit('green tea', 'iced coffee');
  await asked;
  await deleteMemory(stage.services, stage.viewer, { id });
  await stage.database.forJobs((sql) => sql`delete from memories where id = ${id}`);
  gate.resolve();
  await stage.allEmbedded();
  expect(await stage.distance(id, 'green tea', 8)).toBeUndefined();
  expect(await breaches(stage.database)).toEqual({});
});

test('work that was cut off by the end of the process is done after the next start', async () => {
  await stage.start(8);
  stage.provider.hold = () => new Promise(() => undefined);
  const asked = stage.provider.asked((texts) => texts.includes('green tea'));
  await stage.submit('green tea', 'iced coffee');
  await asked;
  await stage.stop();
  expect(await stage.pending()).toHaveLength(2);
  expect(await breaches(stage.database)).toEqual({});
  stage.provider.hold = () => undefined;
  await stage.start(8);
  // On Postgres the lease may be another's, and is waited out.
  await stage.hurry();
  await stage.allEmbedded();
  expect(await breaches(stage.database)).toEqual({});
});
