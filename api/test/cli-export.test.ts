import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAccountCli, parseLines, submitMany, writeLines, type Submitted } from './cli-process.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
beforeAll(async () => {
  picard = await startTestPicard();
});
afterAll(() => picard[Symbol.asyncDispose]());

const rich = [
  { text: 'Only a text' },
  { text: 'Only a text' },
  {
    text: 'Everything – "quoted",\n\tünïcödé 🚲   and spaces  ',
    kind: 'MESSAGE',
    tags: ['b', 'a', 'Ü'],
    source: 'chat',
    sourceId: '1',
    thread: 'T 1',
    position: 0,
    language: 'de',
    trust: 'APP',
    occurredAt: '1999-12-31T23:59:59.999Z',
    expiresAt: '2999-01-01T00:00:00.000Z',
  },
  { text: 'Its day is over', trust: 'IMPORT', expiresAt: '2001-01-01T00:00:00.000Z' },
  { text: 'Somebody else said so', trust: 'OTHER_PERSON' },
];
/** What an import cannot say: the memory gets an id, and was made now. */
function comparable(lines: string): unknown[] {
  return parseLines(lines)
    .slice(1, -1)
    .map(({ id, createdAt: _created, modifiedAt: _modified, version: _version, sourceId, ...rest }) => ({
      ...rest,
      sourceId: sourceId ?? `picard:${String(id)}`,
    }))
    .sort((a, b) => JSON.stringify(a.sourceId).localeCompare(JSON.stringify(b.sourceId)));
}

test('an export comes back whole, in another account and in its own', async () => {
  await using from = await createAccountCli(picard, 'from');
  await using to = await createAccountCli(picard, 'to');
  const made = await picard.data<Submitted>(submitMany, { input: { memories: rich } }, from.key);
  expect(made.submitMemories.failed).toBe(0);
  const file = join(from.folder, 'all.jsonl');
  const written = await from.run('export', file);
  expect(written).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringContaining('Exported 5 memories'),
  });
  expect(existsSync(`${file}.partial`)).toBe(false);

  expect((await to.run('import', file, '--keep-trust')).stdout).toContain(
    '5 added, 0 already there, 0 failed.',
  );
  const copy = (await to.run('export')).stdout;
  expect(comparable(copy)).toEqual(comparable(await readFile(file, 'utf8')));

  expect((await to.run('import', file)).stdout).toContain('0 added, 5 already there');
  expect((await from.run('import', file)).stdout).toContain('0 added, 5 already there');
  await writeFile(join(from.folder, 'copy.jsonl'), copy);
  expect((await from.run('import', 'copy.jsonl')).stdout).toContain('0 added, 5 already there');
});

test('without --keep-trust, no line of a file can speak for the person', async () => {
  await using own = await createAccountCli(picard, 'wary');
  await own.run('import', await writeLines(own, 'a.jsonl', [{ text: 'trust me', trust: 'PERSON' }]));
  const [, memory] = parseLines((await own.run('export')).stdout);
  expect(memory).toMatchObject({ text: 'trust me', trust: 'IMPORT' });
});

test('an export has history and trash when asked for, never overwrites, and tells when it was cut', async () => {
  await using own = await createAccountCli(picard, 'historian');
  const { submitMemories } = await picard.data<Submitted>(
    submitMany,
    { input: { memories: [{ text: 'first words' }, { text: 'thrown away' }] } },
    own.key,
  );
  const [changed, deleted] = submitMemories.results.map(({ memory }) => memory.id);
  await picard.data(
    `mutation ($id: ID!, $trash: ID!) {
      updateMemory(input: { id: $id, text: "second words", tags: ["new"] }) { __typename }
      deleteMemory(input: { id: $trash }) { __typename }
    }`,
    { id: changed, trash: deleted },
    own.key,
  );
  expect(parseLines((await own.run('export')).stdout)).toMatchObject([
    { picard: 'export', version: 1, history: false, trash: false, account: { handle: 'historian' } },
    { id: changed, text: 'second words', version: 2 },
    { picard: 'end', memories: 1 },
  ]);
  expect(await own.run('export', 'all.jsonl', '--history', '--trash')).toMatchObject({ code: 0 });
  const whole = await readFile(join(own.folder, 'all.jsonl'), 'utf8');
  expect(parseLines(whole)).toMatchObject([
    { picard: 'export', history: true, trash: true },
    { id: changed, text: 'second words', versions: [{ version: 1, text: 'first words', tags: [] }] },
    { id: deleted, text: 'thrown away', deletedAt: expect.any(String), versions: [] },
    { picard: 'end', memories: 2 },
  ]);
  expect(await own.run('export', 'all.jsonl')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('[FILE_EXISTS]'),
  });

  await using other = await createAccountCli(picard, 'restorer');
  await writeFile(join(other.folder, 'all.jsonl'), whole);
  const restored = await other.run('import', 'all.jsonl');
  expect(restored.stdout).toContain('1 added');
  expect(restored.stdout).toContain('1 were in the trash');
  await writeFile(join(other.folder, 'cut.jsonl'), whole.split('\n').slice(0, 2).join('\n'));
  const cut = await other.run('import', 'cut.jsonl');
  expect(cut).toMatchObject({ code: 1, stdout: expect.stringContaining('cut short') });
});
