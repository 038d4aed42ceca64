import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { agreeToDelete, askToDelete } from './mcp-rounds.ts';
import { setScene } from './mcp-scene.ts';
import { startTestPicard } from './picard.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.remove());

/** One process after the other, as an embedded database has one alone: what counts is that it is another. */
test('what one process asked another of the same database carries out', async () => {
  const first = await startTestPicard({ database, deployment: 'one' });
  const key = await first.account('ada');
  const { tea } = await setScene(first, key);
  const asked = await askToDelete(first.url, key, tea);
  await first[Symbol.asyncDispose]();
  const second = await startTestPicard({ database, deployment: 'one' });
  expect(await agreeToDelete(second.url, key, tea, asked)).toMatchObject({ succeeded: 1 });
  await second[Symbol.asyncDispose]();
});
