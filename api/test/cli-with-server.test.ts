import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createAccountCli,
  createCli,
  ended,
  jsonLines,
  parseLines,
  settingsOf,
  submitMany,
  writeLines,
  type Cli,
} from './cli-process.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
let cli: Cli;
beforeAll(async () => {
  picard = await startTestPicard();
  cli = await createCli(settingsOf(picard.database));
});
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
  await picard[Symbol.asyncDispose]();
});

const many = Array.from({ length: 2_000 }, (_each, n) => {
  if (n === 10) return '{"text": "cut';
  if (n === 20) return { text: '' };
  if (n === 30) return { text: 'x', kind: 'THOUGHT' };
  if (n === 40) return { text: 'x', occurredAt: 'yesterday' };
  if (n === 50) return { text: 'x', tag: ['typo'] };
  if (n === 60) return { text: 'x', position: 1 };
  if (n === 70) return { text: 'x'.repeat(40_000) };
  if (n === 80) return [];
  return { text: `Fact number ${n} of many`, kind: 'fact', source_id: n % 2 ? `n-${n}` : undefined };
});

test('an import takes every good line, tells of every bad one, and adds nothing the second time', async () => {
  await using own = await createAccountCli(picard, 'importer');
  const file = await writeLines(own, 'many.jsonl', many);
  const first = await own.run('import', file, '--report', 'report.jsonl');
  expect(first.stdout).toContain('Imported many.jsonl: 1,992 added, 0 already there, 8 failed.');
  expect(first.code).toBe(1);
  const report = parseLines(await readFile(join(own.folder, 'report.jsonl'), 'utf8'));
  expect(report.map(({ line, reason }) => [line, reason])).toEqual([
    [11, expect.stringContaining('no JSON object')],
    [21, 'text must not be empty.'],
    [31, expect.stringContaining('kind must be one of NOTE')],
    [41, expect.stringContaining('occurredAt must be an instant')],
    [51, expect.stringContaining('tag is not a field')],
    [61, expect.stringContaining('position must come with the thread')],
    [71, expect.stringContaining('text must be at most 32768')],
    [81, expect.stringContaining('no JSON object')],
  ]);
  expect(await own.total()).toBe(1_992);
  const second = await own.run('import', file);
  expect(second.stdout).toContain('0 added, 1,992 already there, 8 failed.');
  expect(await own.total()).toBe(1_992);
});

test('a dry run writes nothing', async () => {
  await using own = await createAccountCli(picard, 'dry');
  const dry = await own.run('import', await writeLines(own, 'many.jsonl', many), '--dry-run');
  expect(dry.stdout).toContain('wrote nothing: 1,992 can be imported, 8 cannot.');
  expect(dry.code).toBe(1);
  const fine = await own.run('import', await writeLines(own, 'one.jsonl', [{ text: 'one' }]), '--dry-run');
  expect(fine.code).toBe(0);
  expect(await own.total()).toBe(0);
});

test('Ctrl+C stops an import in good order, and a repeated one goes on', async () => {
  await using own = await createAccountCli(picard, 'interrupted');
  const lines = many.slice(100, 800);
  const child = own.start('import', '-');
  child.stdin.write(jsonLines(lines));
  // Two batches' worth less one: the first is in, the second waits for more lines.
  await expect.poll(() => own.total(), { timeout: 20_000 }).toBe(500);
  child.kill('SIGINT');
  const stopped = await ended(child);
  expect(stopped).toMatchObject({ code: 130, stdout: expect.stringContaining('Stopped before line 501.') });
  const again = await own.run('import', await writeLines(own, 'rest.jsonl', lines));
  expect(again.stdout).toContain('200 added, 500 already there, 0 failed.');
  expect(again.code).toBe(0);
});

test('search prints what it finds, for people and for programs', async () => {
  await using own = await createAccountCli(picard, 'searcher');
  const text = 'A text\u001b[31m with colours\nand lines';
  await picard.data(
    submitMany,
    { input: { memories: [{ text, tags: ['paint'] }, { text: 'Else' }] } },
    own.key,
  );
  const found = await own.run('search', 'colours', 'lines', '--mode', 'words');
  expect(found).toMatchObject({ code: 0, stderr: '' });
  expect(found.stdout).toMatch(/note {2}#paint {2}[0-9a-f-]{36}\n {4}A text \[31m with colours and lines\n$/);
  const json = await own.run('search', 'colours', '--json', '--limit', '1');
  expect(JSON.parse(json.stdout)).toMatchObject({ mode: 'WORDS', results: [{ text, tags: ['paint'] }] });
  expect((await own.run('search', 'nowhere')).stdout).toContain('Nothing was found');
});

test('keys rotate wraps every data key anew while the server runs, and only for an administrator', async () => {
  const rotated = await cli.run('keys', 'rotate');
  expect(rotated).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Master key 2 is the current one'),
  });
  const { viewer } = await picard.data<{ viewer: { memories: unknown } }>(
    '{ viewer { memories { totalCount } } }',
  );
  expect(viewer).toBeDefined();
  await using own = await createAccountCli(picard, 'visitor');
  for (const keys of ['keys', 'signing-keys'])
    expect(await own.run(keys, 'rotate')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[FORBIDDEN]'),
    });
});

test('beside a running server nothing opens the embedded database', async () => {
  const looked = await cli.run('doctor');
  const listening = picard.instances.map(({ http }) => `runs at ${http.url.origin}`);
  expect(listening.filter((each) => looked.stdout.includes(each))).toHaveLength(1);
  expect(looked.stdout).toContain('Nothing has to be mended.');
  expect(looked.stdout + looked.stderr).not.toContain(picard.key);
  expect(looked.code).toBe(0);
  if (picard.database.databaseUrl !== undefined) return;
  const migrated = await cli.run('migrate');
  expect(migrated).toMatchObject({ code: 1, stderr: expect.stringContaining('[DATA_FOLDER_IN_USE]') });
  const second = await cli.run('start');
  expect(second).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is used by another Picard process'),
  });
});

test('a key that is refused, and a server that is not there, are told with what to do', async () => {
  await using wrong = await createCli({ ...settingsOf(picard.database), PICARD_TOKEN: 'picard_wrong' });
  expect(await wrong.run('search', 'x')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/unknown, revoked, expired.*\[UNAUTHENTICATED\]\n$/),
  });
  expect(await wrong.run('doctor')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('✗ PICARD_TOKEN'),
  });
  await using lost = await createCli({ PICARD_URL: 'http://127.0.0.1:9', PICARD_TOKEN: 'picard_any' });
  expect(await lost.run('search', 'x')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/does not answer.*PICARD_URL.*\[SERVER_UNREACHABLE\]\n$/),
  });
  await using far = await createCli({ ...settingsOf(picard.database), PICARD_URL: 'https://example.org' });
  expect(await far.run('search', 'x')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('[NO_TOKEN]'),
  });
});
