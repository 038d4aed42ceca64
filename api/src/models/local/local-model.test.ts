import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EmbeddingModel } from '../embedding-model.ts';
import { testModelDescription } from '../testing/model-cache.ts';
import { localModel, type LocalModelDescription } from './local-model.ts';
import { startEmbeddingWorker, type EmbeddingWorker } from './start-worker.ts';

let description: LocalModelDescription;
let model: EmbeddingModel;
const workers: EmbeddingWorker[] = [];

// Fetches 34 MB the first time.
beforeAll(async () => {
  description = await testModelDescription();
  model = localModel(description, (of) => {
    const worker = startEmbeddingWorker(of);
    workers.push(worker);
    return worker;
  });
}, 180_000);
afterAll(() => model.close());

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

async function embedOne(text: string): Promise<Float32Array> {
  const [vector] = await model.embedDocuments([text]);
  if (!vector) throw new Error('no vector');
  return vector;
}

/** Adds its name to `order` when the promise settles, either way. */
function recorded(order: string[], name: string, promise: Promise<unknown>): Promise<unknown> {
  const record = () => order.push(name);
  return promise.then(record, record);
}

test('vectors are of length 1 and of the stated dimensions', async () => {
  const vector = await embedOne('A memory of some words.');
  expect(model.key).toBe('bge-small-en-v1.5-int8/384');
  expect(vector).toHaveLength(384);
  expect(cosine(vector, vector)).toBeCloseTo(1, 5);
});

test.each([
  ['The cat sleeps on the sofa.', 'A kitten naps on the couch.', 'Interest rates rose by half a point.'],
  ['She is allergic to peanuts.', 'Nuts make her ill.', 'The train to Lyon leaves at nine.'],
  ['We deploy on Fridays.', 'Releases go out at the end of the week.', 'My grandmother grew roses.'],
])('%s lies nearer to what means the same', async (text, near, far) => {
  const [a, b, c] = await Promise.all([embedOne(text), embedOne(near), embedOne(far)]);
  expect(cosine(a, b)).toBeGreaterThan(cosine(a, c) + 0.1);
});

test('a query finds the memory that answers it', async () => {
  const memories = [
    'My sister Ana moved to Porto in May.',
    'I take my coffee black.',
    'The router is in the hall.',
  ];
  const query = await model.embedQuery('where does my sister live?');
  const scores = (await model.embedDocuments(memories)).map((vector) => cosine(query, vector));
  expect(scores.indexOf(Math.max(...scores))).toBe(0);
});

test('a text gives the same vector whatever is embedded beside it', async () => {
  const alone = await embedOne('The same words.');
  const [beside] = await model.embedDocuments(['The same words.', 'Others. '.repeat(100)]);
  expect(beside).toEqual(alone);
});

test('a query is embedded behind its prefix', async () => {
  const document = await embedOne('coffee');
  expect(cosine(await model.embedQuery('coffee'), document)).toBeLessThan(0.999);
  expect(await embedOne(`${description.queryPrefix}coffee`)).toEqual(await model.embedQuery('coffee'));
});

test('a text longer than the model reads is cut, not refused', async () => {
  expect(await embedOne('word '.repeat(2000))).toHaveLength(384);
});

test('queries overtake documents that wait', async () => {
  const order: string[] = [];
  await Promise.all([
    recorded(order, 'first document', model.embedDocuments(['in flight already'])),
    recorded(order, 'documents', model.embedDocuments(Array(20).fill('waits'))),
    recorded(order, 'query', model.embedQuery('urgent')),
  ]);
  expect(order).toEqual(['first document', 'query', 'documents']);
});

test('aborted requests leave the queue and answer with the reason', async () => {
  const controller = new AbortController();
  const reason = new Error('no longer wanted');
  const order: string[] = [];
  const kept = recorded(order, 'kept', model.embedDocuments(['kept']));
  const aborted = model.embedDocuments(Array(50).fill('dropped'), controller.signal);
  const inFlightAborted = model.embedQuery('dropped too', controller.signal);
  controller.abort(reason);
  await expect(aborted).rejects.toBe(reason);
  await expect(inFlightAborted).rejects.toBe(reason);
  await expect(model.embedQuery('never sent', controller.signal)).rejects.toBe(reason);
  await kept;
  expect(await model.embedQuery('still served')).toHaveLength(384);
});

test('a crashed worker fails what waits, and the next request starts another', async () => {
  const before = workers.length;
  // Not a request: reading it throws where nobody catches. Sent first, or a quick worker would have answered before it.
  workers.at(-1)?.thread.postMessage(null);
  const waiting = [model.embedQuery('one'), model.embedDocuments(['two', 'three'])];
  for (const promise of waiting) {
    await expect(promise).rejects.toMatchObject({ code: 'MODEL_WORKER_CRASHED', retryable: true });
  }
  expect(await model.embedQuery('four')).toHaveLength(384);
  expect(workers).toHaveLength(before + 1);
});

test('long texts come in chunks that the tokenizer counts', async () => {
  const text = 'Ana planted an olive tree behind the house. '.repeat(100);
  const chunks = await model.chunk(text);
  expect(chunks.length).toBeGreaterThan(3);
  for (const chunk of chunks) expect(chunk).toMatch(/^Ana .*house\.$/s);
  expect(await model.chunk('short')).toEqual(['short']);
  expect(await model.chunk(' \n ')).toEqual([]);
});

test('blank texts have no embedding', async () => {
  await expect(model.embedQuery(' ')).rejects.toMatchObject({ code: 'TEXT_BLANK' });
});

test('files that are not a model are reported', async () => {
  const broken = localModel({ ...description, modelFile: description.tokenizerFile });
  await expect(broken.embedQuery('text')).rejects.toMatchObject({ code: 'MODEL_WORKER_CRASHED' });
  await broken.close();
});

test('a model of other dimensions than stated is reported with both', async () => {
  const misstated = localModel({ ...description, dimensions: 512 });
  await expect(misstated.embedQuery('text')).rejects.toThrow(/384.*512/);
  await misstated.close();
});

test('closing rejects what waits and what comes', async () => {
  const closing = localModel(description);
  const waiting = closing.embedDocuments(['one', 'two']);
  const failure = expect(waiting).rejects.toMatchObject({ code: 'MODEL_CLOSED' });
  await closing.close();
  await failure;
  await expect(closing.embedQuery('three')).rejects.toMatchObject({ code: 'MODEL_CLOSED' });
});
