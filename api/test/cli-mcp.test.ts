import type { Client } from '@modelcontextprotocol/client';
import { expect, test } from 'vitest';
import { connectOverStdio, createCli, settingsOf } from './cli-process.ts';
import { createTestDatabase } from './database.ts';
import { startTestPicard } from './picard.ts';

async function keepsAndFinds(client: Client): Promise<void> {
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['submit_memory', 'query_memory']));
  const kept = await client.callTool({ name: 'submit_memory', arguments: { text: 'Ada likes tea.' } });
  expect(kept.structuredContent).toHaveProperty('result.__typename', 'SubmitMemoryPayload');
  const found = await client.callTool({ name: 'query_memory', arguments: { prompt: 'tea' } });
  expect(JSON.stringify(found.structuredContent)).toContain('Ada likes tea.');
}

test('mcp over stdio on a data folder of its own needs nothing else to run', async () => {
  const database = await createTestDatabase();
  await using cli = await createCli(settingsOf(database));
  const client = await connectOverStdio(cli);
  await keepsAndFinds(client);
  await client.close();
  expect((await cli.run('search', 'tea')).stdout).toContain('Ada likes tea.');
  await database.remove();
});

test('mcp over stdio beside a running server goes through it, as whoever the token says', async () => {
  await using picard = await startTestPicard();
  const key = await picard.account('host');
  await using cli = await createCli({ ...settingsOf(picard.database), PICARD_TOKEN: key });
  const [first, second] = await Promise.all([connectOverStdio(cli), connectOverStdio(cli)]);
  await keepsAndFinds(first);
  await keepsAndFinds(second);
  const { viewer } = await picard.data<{ viewer: { memories: { totalCount: number } } }>(
    '{ viewer { memories { totalCount } } }',
    {},
    key,
  );
  expect(viewer.memories.totalCount).toBe(2);
  await Promise.all([first.close(), second.close()]);
});
