import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestPicard, type TestPicard } from './picard.ts';
import { activity, submit } from './audit-stage.ts';
import { createCli, settingsOf, type Cli } from './cli-process.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

// Each command is a process that opens everything anew.
vi.setConfig({ testTimeout: 120_000 });

let database: TestDatabase;
let picard: TestPicard;
let cli: Cli;
beforeAll(async () => {
  database = await createTestDatabase();
  picard = await startTestPicard({ database });
  cli = await createCli(settingsOf(database));
});
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
  await database.remove();
});

const tamper = (statement: string) =>
  picard.picard.services.database.asOwner(async (sql) => {
    for (const table of ['audit_acts', 'audit_chain', 'audit_checkpoints', 'audit_heads'])
      await sql.unsafe(`alter table ${table} disable trigger user`);
    await sql.unsafe(statement);
  });

test('P43 beside a server: the log is right, its end can be kept, and what is not a checkpoint is refused', async () => {
  await submit(picard, undefined, 'A fact');
  const kept = await cli.run('audit', 'checkpoint');
  expect(kept).toMatchObject({ code: 0, stderr: '' });
  const [header, ...lines] = kept.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(header).toMatchObject({
    picard: 'audit checkpoints',
    publicKey: expect.stringContaining('PUBLIC KEY'),
  });
  expect(lines.length).toBeGreaterThan(1);
  expect(kept.stdout).not.toContain('admin');
  await writeFile(join(cli.folder, 'kept.jsonl'), kept.stdout);

  const verified = await cli.run('audit', 'verify', '--checkpoint', 'kept.jsonl');
  expect(verified).toMatchObject({ code: 0, stderr: '' });
  expect(verified.stdout).toMatch(
    /^\d+ entries in \d+ logs and \d+ kept checkpoints: every one is as it was written\./,
  );
  expect(verified.stdout).toContain('Newest checkpoint: {');

  await writeFile(join(cli.folder, 'other.txt'), 'Something else\n');
  expect(await cli.run('audit', 'verify', '--checkpoint', 'other.txt')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('[NOT_A_CHECKPOINT]'),
  });
  expect(await cli.run('audit', 'verify', '--checkpoint', 'nowhere.txt')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('[FILE_UNREADABLE]'),
  });
});

test('P42 an export from the command line is in the log', async () => {
  expect((await cli.run('export', 'all.jsonl')).code).toBe(0);
  const [entry] = await activity(picard, undefined, { first: 1 });
  expect(entry).toMatchObject({ kind: 'EXPORT_BEGUN', operation: 'ExportOverview' });
});

test('P43 a checkpoint that was changed in its file is no checkpoint of this server', async () => {
  const text = await readFile(join(cli.folder, 'kept.jsonl'), 'utf8');
  await writeFile(join(cli.folder, 'changed.jsonl'), text.replaceAll(/"number":(\d+)/g, '"number":9$1'));
  const { code, stdout } = await cli.run('audit', 'verify', '--checkpoint', 'changed.jsonl');
  expect(code).toBe(1);
  expect(stdout).toContain('FORGED_CHECKPOINT');
});

test('P43 without a server, and a log that somebody cut with all that could tell, but for what was kept', async () => {
  await tamper(`
    with gone as (delete from audit_chain c using audit_logs l, users u
      where l.log_id = c.log_id and u.id = l.owner_id and u.handle = 'admin' and c.seq > 1 returning act_id)
    delete from audit_acts where id in (select act_id from gone);
    update audit_heads h set seq = c.seq, hash = c.hash
      from audit_chain c, audit_logs l, users u
      where c.log_id = h.log_id and c.seq = 1 and l.log_id = c.log_id and u.id = l.owner_id and u.handle = 'admin';
    delete from audit_checkpoints`);
  await picard[Symbol.asyncDispose]();
  const alone = await cli.run('audit', 'verify');
  expect(alone).toMatchObject({ code: 0, stdout: expect.stringContaining('every one is as it was written') });
  const { code, stdout } = await cli.run('audit', 'verify', '--checkpoint', 'kept.jsonl');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^TRUNCATED {2}Log [\w-]+: it had \d+ entries at .* and ends with entry 1/m);
});
