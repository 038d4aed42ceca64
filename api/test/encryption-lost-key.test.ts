import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTestDatabase } from './database.ts';
import { startTestPicard } from './picard.ts';

test('a database whose master key is gone is refused at start, and opens again with it (P23)', async () => {
  const database = await createTestDatabase();
  const file = join(database.dataFolder, 'master-keys');
  await (await startTestPicard({ database }))[Symbol.asyncDispose]();
  await rename(file, `${file}.aside`);

  await expect(startTestPicard({ database })).rejects.toThrow(/master key that is not here/);

  await rename(`${file}.aside`, file);
  const picard = await startTestPicard({ database });
  expect((await picard.ask('{ viewer { administrator } }')).data).toEqual({
    viewer: { administrator: true },
  });
  await picard[Symbol.asyncDispose]();
  await database.remove();
}, 60_000);
