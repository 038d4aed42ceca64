import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAccountCli, parseLines, writeLines } from './cli-process.ts';
import { memoriesOf } from './memories-operations.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
beforeAll(async () => {
  picard = await startTestPicard({ embedding: 'none' });
});
afterAll(() => picard[Symbol.asyncDispose]());

const ask = async (key: string, mutation: string, type: string, input: object): Promise<void> => {
  const data = await picard.data<Record<string, { code?: string; message?: string }>>(
    `mutation ($input: ${type}!) { ${mutation}(input: $input) { __typename ... on UserError { code message } } }`,
    { input },
    key,
  );
  expect(data[mutation]).not.toHaveProperty('code');
};
const share = (key: string, memoryId: string, handle: string, more: object = {}) =>
  ask(key, 'shareMemory', 'ShareMemoryInput', { memoryId, with: { handle }, ...more });

/** What somebody sees of others', and how it is shown. */
const seen = async (key: string) => {
  const { memories } = await picard.data<{
    memories: { edges: { node: { text: string; trust: string; visibility: string; viewerLevel: string } }[] };
  }>(
    '{ memories(first: 100, filter: { expiry: ANY }) { edges { node { text trust visibility viewerLevel } } } }',
    {},
    key,
  );
  return memories.edges.map(({ node }) => node);
};

test('an export has one’s own alone, with visibility and shares; an import shares only when it is asked to', async () => {
  await using ada = await createAccountCli(picard, 'ada');
  await using bob = await createAccountCli(picard, 'bob');
  const [hers, his] = [memoriesOf(picard, ada.key), memoriesOf(picard, bob.key)];
  const shared = await hers.keep({ text: 'for Bob', source: 'diary', sourceId: '1' });
  await hers.keep({ text: 'for nobody', visibility: 'PRIVATE' });
  await hers.keep({ text: 'for everybody', visibility: 'PUBLIC' });
  await hers.keep({ text: 'by rule', tags: ['trip'] });
  const foreign = await his.keep({ text: 'of Bob’s' });
  await share(bob.key, foreign.id, 'ada', { level: 'SHARE' });
  await share(ada.key, shared.id, 'bob', { level: 'WRITE', expiresAt: '2999-01-01T00:00:00.000Z' });
  await ask(ada.key, 'shareByRule', 'ShareByRuleInput', {
    rule: { tags: ['trip'] },
    with: { handle: 'bob' },
  });
  const { code } = await ada.run('export', 'own.jsonl');
  expect(code).toBe(0);
  const lines = parseLines(await readFile(join(ada.folder, 'own.jsonl'), 'utf8'));
  expect(lines.filter((line) => 'text' in line)).toMatchObject([
    { text: 'for Bob', visibility: 'SHARED' },
    { text: 'for nobody', visibility: 'PRIVATE' },
    { text: 'for everybody', visibility: 'PUBLIC' },
    { text: 'by rule', visibility: 'SHARED' },
  ]);
  expect(lines.filter(({ picard: mark }) => mark === 'grant')).toEqual([
    {
      picard: 'grant',
      rule: { tags: ['trip'], kinds: [], sources: [], thread: null },
      with: { handle: 'bob' },
      level: 'READ',
      expiresAt: null,
    },
    {
      picard: 'grant',
      memoryId: shared.id,
      with: { handle: 'bob' },
      level: 'WRITE',
      expiresAt: '2999-01-01T00:00:00.000Z',
    },
  ]);
  expect(lines.at(-1)).toEqual({ picard: 'end', memories: 4 });

  await using cleo = await createAccountCli(picard, 'cleo');
  const file = join(ada.folder, 'own.jsonl');
  const first = await cleo.run('import', file);
  expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining('4 added') });
  expect(first.stdout).toContain('2 shares and 1 public memories');
  const cleos = async () => (await seen(cleo.key)).filter(({ viewerLevel }) => viewerLevel === 'OWNER');
  expect((await cleos()).map(({ text, visibility }) => `${visibility} ${text}`).toSorted()).toEqual([
    'PRIVATE for nobody',
    'SHARED by rule',
    'SHARED for Bob',
    'SHARED for everybody',
  ]);
  const bobs = async () =>
    (await seen(bob.key)).map(({ text, viewerLevel }) => `${viewerLevel} ${text}`).toSorted();
  const before = ['OWNER of Bob’s', 'READ by rule', 'READ for everybody', 'WRITE for Bob'];
  expect(await bobs()).toEqual(before);
  const again = await cleo.run('import', file, '--with-shares');
  expect(again.stdout).toContain('0 added, 4 already there, 0 failed');
  expect(again.stdout).toContain('2 shares were made again');
  expect(await bobs()).toEqual([...before, 'READ by rule', 'WRITE for Bob'].toSorted());

  await using dora = await createAccountCli(picard, 'dora');
  await dora.run('import', file, '--with-shares');
  expect(await seen(dora.key)).toContainEqual(
    expect.objectContaining({ text: 'for everybody', visibility: 'PUBLIC', viewerLevel: 'OWNER' }),
  );
});

test('others’ memories come only when asked for, with their owner, and are imported as another’s words for oneself', async () => {
  await using eve = await createAccountCli(picard, 'eve');
  await using finn = await createAccountCli(picard, 'finn');
  const kept = await memoriesOf(picard, finn.key).keep({ text: 'Finn says', trust: 'PERSON' });
  await share(finn.key, kept.id, 'eve');
  await memoriesOf(picard, eve.key).keep({ text: 'Eve says' });
  expect((await eve.run('export')).stdout).not.toContain('Finn says');
  const all = (await eve.run('export', '--shared', '--history')).stdout;
  const lines = parseLines(all).filter((line) => line['text'] === 'Finn says');
  expect(lines).toMatchObject([{ owner: { handle: 'finn' }, visibility: 'SHARED' }]);

  await using gina = await createAccountCli(picard, 'gina');
  const file = await writeLines(gina, 'all.jsonl', parseLines(all));
  const imported = await gina.run('import', file, '--keep-trust', '--with-shares');
  expect(imported.code).toBe(0);
  const own = (await seen(gina.key)).filter(({ viewerLevel }) => viewerLevel === 'OWNER');
  expect(own).toContainEqual(
    expect.objectContaining({ text: 'Finn says', trust: 'OTHER_PERSON', visibility: 'PRIVATE' }),
  );
  expect(own).toContainEqual(expect.objectContaining({ text: 'Eve says', trust: 'PERSON' }));
  // To its owner it is no news.
  expect(await finn.run('import', join(gina.folder, 'all.jsonl'))).toMatchObject({ code: 0 });
  expect((await seen(finn.key)).filter(({ text }) => text === 'Finn says')).toHaveLength(1);
});
