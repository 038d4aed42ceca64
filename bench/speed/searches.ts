import * as z from 'zod';
import { type Endpoint, execute } from '../graphql.ts';
import { spread } from './percentiles.ts';
import { randomNumbers } from './random.ts';
import type { Measurements } from './result.ts';
import { question } from './texts.ts';

const searchMemories = /* GraphQL */ `
  query BenchSpeed($query: String!, $mode: SearchMode!) {
    searchMemories(query: $query, first: 20, mode: $mode) {
      mode
      edges {
        score
        node {
          id
          text
        }
      }
    }
  }
`;
const Answer = z.object({ searchMemories: z.object({ mode: z.string(), edges: z.array(z.unknown()) }) });

type Mode = 'WORDS' | 'HYBRID';

/** Until the runtime has compiled what a search runs through; a server does that once in its life. */
const warmUps = 50;
const repeatedQuestions = 10;

/**
 * Times whole requests, one after the other, each by the next of the accounts. By words, every question is a
 * new one. Together with meaning, ten questions are repeated whose vectors the server has at hand after the
 * first time: so the search is timed apart from the model.
 */
export async function measureSearches(
  accounts: readonly Endpoint[],
  where: string,
  count: number,
  into: Measurements,
): Promise<void> {
  const random = randomNumbers(23);
  const fresh = Array.from({ length: warmUps + count }, () => question(random));
  const words = await timeEach(accounts, fresh, 'WORDS');
  into.add(`search by words, ${where}, ms (p50 / p95 / p99)`, spread(words.slice(warmUps)));

  const repeated = fresh.slice(0, repeatedQuestions);
  const known = Array.from(
    { length: warmUps + count },
    (_, index) => repeated[index % repeated.length] ?? '',
  );
  const what = `hybrid search, query embedding cached, ${where}, ms (p50 / p95 / p99)`;
  const [first] = repeated;
  const [account] = accounts;
  if (first === undefined || account === undefined) return;
  if ((await search(account, first, 'HYBRID')) !== 'HYBRID') {
    into.add(what, 'no model');
    return;
  }
  const hybrid = await timeEach(accounts, known, 'HYBRID');
  into.add(what, spread(hybrid.slice(warmUps)));
}

async function timeEach(
  accounts: readonly Endpoint[],
  questions: readonly string[],
  mode: Mode,
): Promise<number[]> {
  const times: number[] = [];
  for (const [index, each] of questions.entries()) {
    const account = accounts[index % accounts.length];
    if (!account) throw new RangeError('There is no account to search with.');
    const begun = performance.now();
    await search(account, each, mode);
    times.push(performance.now() - begun);
  }
  return times;
}

async function search(account: Endpoint, query: string, mode: Mode): Promise<string> {
  const { searchMemories: found } = await execute(account, searchMemories, Answer, { query, mode });
  return found.mode;
}
