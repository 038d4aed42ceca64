import { existsSync } from 'node:fs';
import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCli, ended, jsonLines, parseLines, settingsOf, type Cli } from './cli-process.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

let database: TestDatabase;
let cli: Cli;
beforeEach(async () => {
  database = await createTestDatabase();
  cli = await createCli(settingsOf(database));
});
afterEach(async () => {
  await cli[Symbol.asyncDispose]();
  await database.remove();
});

const inFolder = (name: string): string => join(cli.folder, name);

test('without a server, the commands open the data themselves, one after the other', async () => {
  const texts = ['Ada keeps bees', 'Ben sails'].map((text) => ({ text }));
  await writeFile(inFolder('in.jsonl'), jsonLines(texts));
  expect(await cli.run('import', 'in.jsonl')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('2 added'),
  });
  expect((await cli.run('import', 'in.jsonl')).stdout).toContain('0 added, 2 already there');
  const found = JSON.parse((await cli.run('search', 'bee', '--json', '--mode', 'words')).stdout);
  expect(found.results.map(({ text }: { text: string }) => text)).toEqual(['Ada keeps bees']);
  expect((await cli.run('keys', 'rotate')).stdout).toContain('Master key 2');
  const exported = parseLines((await cli.run('export')).stdout);
  expect(exported.slice(1, -1).map(({ text }) => text)).toEqual(
    expect.arrayContaining(texts.map(({ text }) => text)),
  );
  expect((await cli.run('migrate')).stdout).toContain('up to date');
  expect(await cli.run('doctor')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('they open the database'),
  });
});

test('doctor looks at a folder that is not there, and makes none', async () => {
  await using fresh = await createCli({ PICARD_DATA: 'data' });
  const looked = await fresh.run('doctor');
  expect(looked).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing has to be mended.') });
  expect(existsSync(join(fresh.folder, 'data'))).toBe(false);
});

test('doctor finds what must be mended, and tells no secret', async () => {
  await cli.run('search', 'anything');
  const firstKey = join(database.dataFolder, 'first-key');
  const masterKeys = join(database.dataFolder, 'master-keys');
  const secrets = [await readFile(firstKey, 'utf8'), await readFile(masterKeys, 'utf8')].map((text) =>
    text.trim(),
  );

  await chmod(firstKey, 0o644);
  expect(await cli.run('doctor')).toMatchObject({ code: 1, stdout: expect.stringContaining('chmod 600') });
  await chmod(firstKey, 0o600);

  await writeFile(firstKey, 'picard_of_another_database\n');
  expect(await cli.run('doctor')).toMatchObject({ code: 1, stdout: expect.stringContaining('✗ First key') });

  await rename(masterKeys, `${masterKeys}.away`);
  const gone = await cli.run('doctor');
  expect(gone).toMatchObject({ code: 1, stdout: expect.stringContaining(`${masterKeys} is gone`) });
  expect(existsSync(masterKeys)).toBe(false);

  const other = `1:${Buffer.alloc(32, 7).toString('base64')}`;
  await using wrong = await createCli({ ...settingsOf(database), PICARD_MASTER_KEYS: other });
  const looked = await wrong.run('doctor');
  expect(looked).toMatchObject({ code: 1, stdout: expect.stringContaining('is another than the one') });
  for (const secret of [...secrets, other]) expect(looked.stdout + gone.stdout).not.toContain(secret);
});

test('doctor tells of settings, ports and databases that cannot be used', async () => {
  await using typo = await createCli({ ...settingsOf(database), PICARD_PORT: 'eighty' });
  expect(await typo.run('doctor')).toMatchObject({ code: 1, stdout: expect.stringContaining('PICARD_PORT') });

  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await using crowded = await createCli({ ...settingsOf(database), PICARD_PORT: String(port) });
  expect(await crowded.run('doctor')).toMatchObject({ code: 1, stdout: expect.stringContaining('✗ Port') });
  taken.close();

  const url = 'postgres://somebody:secret-word@127.0.0.1:9/none';
  await using absent = await createCli({ ...settingsOf(database), DATABASE_URL: url });
  const looked = await absent.run('doctor');
  expect(looked).toMatchObject({ code: 1, stdout: expect.stringContaining('✗ Database') });
  expect(looked.stdout + looked.stderr).not.toContain('secret-word');
});

test('start runs until it is told to stop, under whatever Node the launcher was called', async () => {
  // The oldest Node that Picard's own package.json allows cannot read TypeScript.
  const node = existsSync('/usr/bin/node') ? '/usr/bin/node' : process.execPath;
  await using own = await createCli(settingsOf(database), node);
  expect((await own.run('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  const server = own.start('start');
  let told = '';
  server.stdout.setEncoding('utf8').on('data', (text: string) => (told += text));
  await expect.poll(() => told, { timeout: 30_000 }).toContain('Picard runs.');
  const url = /GraphQL +(\S+)\/graphql/.exec(told)?.[1];
  expect((await own.run('doctor')).stdout).toContain(`:${new URL(url ?? '').port}`);
  server.kill('SIGTERM');
  expect(await ended(server)).toMatchObject({ code: 0 });
});

test('what is asked wrongly, or is not there, is told without a stack', async () => {
  const cases = [
    [['serch'], "unknown command 'serch' [USAGE]"],
    [['search', 'x', '--limit', '0'], 'from 1 to 100. [USAGE]'],
    [['import', 'nothing.jsonl'], 'no file nothing.jsonl that can be read. Check the path. [FILE_NOT_FOUND]'],
  ] as const;
  for (const [args, message] of cases) {
    const { code, stderr } = await cli.run(...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    expect(stderr).not.toContain('    at ');
  }
  expect((await cli.run('import', 'nothing.jsonl', '--verbose')).stderr).toContain('    at ');
});
