import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hashSecret } from '../../accounts/api-key.ts';
import { findApiKeyBySecret } from '../../accounts/api-key-rows.ts';
import { anyAccount } from '../../accounts/rows.ts';
import type { Config } from '../../config.ts';
import { openDatabase, type Database, type DatabaseOptions } from '../../storage/database.ts';
import { checkKeyFile, checkMasterKeys } from './check-master-keys.ts';
import { mend, note, ok, type Finding } from './finding.ts';
import { countWaiting, readFacts, type DatabaseFacts } from './rows.ts';

/** Opens the database, looks, and closes it; whoever calls holds the lock of an embedded one. */
export async function checkDatabase(config: Config, firstKey: string | null): Promise<Finding[]> {
  const { databaseUrl, dataFolder } = config;
  const folder = join(dataFolder, 'database');
  if (!databaseUrl && !existsSync(folder)) {
    return [note('Database', 'embedded, not made yet; the first start makes it'), await checkKeyFile(config)];
  }
  const options: DatabaseOptions = databaseUrl ? { url: databaseUrl, connections: 2 } : { folder };
  const where = databaseUrl ? `Postgres at ${new URL(databaseUrl).host}` : 'embedded';
  try {
    const database = await openDatabase(options);
    try {
      return await look(database, config, firstKey, where);
    } finally {
      await database.close();
    }
  } catch (error) {
    const why = error instanceof Error ? error.message || error.name : 'no reason';
    const remedy = databaseUrl
      ? 'Check that it runs, and the host, name, user and password in DATABASE_URL.'
      : `Keep a copy of ${folder}, and bring back your last backup if it does not open with \`picard start\` either.`;
    return [mend('Database', `${where} cannot be used: ${why}`, remedy)];
  }
}

async function look(
  database: Database,
  config: Config,
  firstKey: string | null,
  where: string,
): Promise<Finding[]> {
  const facts = await readFacts(database);
  const files = await readdir(new URL('../../storage/migrations/', import.meta.url));
  const missing = files.filter((name) => name.endsWith('.sql') && !facts.migrations?.includes(name));
  const findings = [checkVersion(facts, where), checkVector(facts)];
  if (facts.migrations === null || missing.length > 0) {
    const what = facts.migrations === null ? 'it is empty' : `not applied yet: ${missing.join(', ')}`;
    return [
      ...findings,
      note('Migrations', what, 'The next start does it, or `picard migrate` now.'),
      await checkKeyFile(config),
    ];
  }
  return [
    ...findings,
    ok('Migrations', `all ${facts.migrations.length} applied`),
    await checkMasterKeys(database, config),
    await checkWaiting(database, config),
    await checkFirstKey(database, firstKey),
  ];
}

function checkVersion({ serverVersion, serverVersionText }: DatabaseFacts, where: string): Finding {
  if (serverVersion >= 150_000) return ok('Database', `${where}, version ${serverVersionText}`);
  return mend(
    'Database',
    `${where} is version ${serverVersionText}, and Picard needs 15 or newer`,
    'Move to a newer Postgres.',
  );
}

function checkVector({ pgvector }: DatabaseFacts): Finding {
  const [major = 0, minor = 0, patch = 0] = (pgvector ?? '').split('.').map(Number);
  const at = major * 1_000_000 + minor * 1_000 + patch;
  if (pgvector === null || at < 8_000) {
    const found = pgvector === null ? 'is not there' : `is version ${pgvector}`;
    return mend(
      'pgvector',
      `the extension ${found}, and Picard needs 0.8 or newer`,
      'Install it on the database server.',
    );
  }
  if (at < 8_004) return note('pgvector', pgvector, 'For production, update it to 0.8.4 or newer.');
  return ok('pgvector', pgvector);
}

async function checkWaiting(database: Database, config: Config): Promise<Finding> {
  const { waiting, failing } = await database.forJobs((sql) => countWaiting(sql));
  const text = `${waiting.toLocaleString('en')} memories wait for their vectors`;
  if (failing > 0) {
    const why =
      config.embedding.provider === 'openai'
        ? 'the key and the address of the model'
        : 'the log of the server';
    return note(
      'Embeddings',
      `${text}; ${failing.toLocaleString('en')} of them failed three times or more`,
      `Look at ${why}.`,
    );
  }
  if (waiting === 0) return ok('Embeddings', 'no memory waits for its vectors');
  return note('Embeddings', `${text}; a running server embeds them`);
}

async function checkFirstKey(database: Database, firstKey: string | null): Promise<Finding> {
  if (!(await database.forAccounts((sql) => anyAccount(sql)))) {
    return note('First key', 'there is no account yet; the first start makes the administrator’s');
  }
  if (firstKey === null) {
    return note('First key', 'its file is gone: use a key that you kept (PICARD_TOKEN for these commands)');
  }
  const key = await database.forAccounts((sql) => findApiKeyBySecret(sql, hashSecret(firstKey)));
  if (key) return ok('First key', 'in the data folder, and valid');
  return mend(
    'First key',
    'the file first-key holds a key that was revoked, or belongs to another database',
    'Remove the file, and set PICARD_TOKEN to a key that works.',
  );
}
