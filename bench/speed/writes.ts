import * as z from 'zod';
import { newAccount } from '../account.ts';
import { mapConcurrently } from '../concurrency.ts';
import { untilEmbedded } from '../embeddings.ts';
import { type Endpoint, execute } from '../graphql.ts';
import type { Options } from './options.ts';
import { spread } from './percentiles.ts';
import { randomNumbers } from './random.ts';
import type { Measurements } from './result.ts';
import { text } from './texts.ts';

const submitMemory = /* GraphQL */ `
  mutation BenchWrite($input: SubmitMemoryInput!) {
    submitMemory(input: $input) {
      __typename
      ... on SubmitMemoryPayload {
        memory {
          id
        }
      }
    }
  }
`;
const Written = z.object({ submitMemory: z.object({ memory: z.object({ id: z.string() }) }) });

const countMemories = /* GraphQL */ `
  query BenchCount {
    viewer {
      memories(first: 1) {
        totalCount
      }
    }
  }
`;
const Counted = z.object({ viewer: z.object({ memories: z.object({ totalCount: z.number() }) }) });

/** Writes by one writer and by 32, each a request of its own, and how long the embeddings take to catch up. */
export async function measureWrites(server: Endpoint, options: Options, into: Measurements): Promise<void> {
  const account = await newAccount(server, 'writer');
  const random = randomNumbers(11);
  const begun = performance.now();
  let acknowledged = 0;
  for (const [writers, count] of [
    [1, options.writesAlone],
    [32, options.writesTogether],
  ] as const) {
    const texts = Array.from({ length: count }, () => text(random));
    const phase = performance.now();
    const times = await mapConcurrently(texts, writers, (each) => write(account, each));
    const seconds = (performance.now() - phase) / 1000;
    acknowledged += times.length;
    const name = writers === 1 ? '1 writer' : `${writers} writers`;
    into.add(`${name}, writes/s`, (count / seconds).toFixed(0));
    into.add(`${name}, one write, ms (p50 / p95 / p99)`, spread(times));
  }
  const { viewer } = await execute(account, countMemories, Counted);
  if (viewer.memories.totalCount !== acknowledged)
    throw new Error(
      `${acknowledged} writes were acknowledged, ${viewer.memories.totalCount} memories are there.`,
    );
  into.add('writes acknowledged / found again', `${acknowledged} / ${viewer.memories.totalCount}`);
  const written = performance.now();
  const left = await untilEmbedded([account]);
  if (left > 0) {
    into.add('embeddings', `none: no model (${left} wait)`);
    return;
  }
  into.add('embeddings caught up after the last write, s', ((performance.now() - written) / 1000).toFixed(1));
  into.add(
    'embeddings/s, over the writing too',
    (acknowledged / ((performance.now() - begun) / 1000)).toFixed(0),
  );
}

async function write(account: Endpoint, memory: string): Promise<number> {
  const begun = performance.now();
  await execute(account, submitMemory, Written, { input: { text: memory, language: 'en' } });
  return performance.now() - begun;
}
