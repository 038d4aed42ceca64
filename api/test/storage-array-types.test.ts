import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase, type Database } from '../src/storage/database.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

let files: TestDatabase;
let database: Database;
beforeAll(async () => {
  files = await createTestDatabase();
  const { databaseUrl, dataFolder } = files;
  database = await openDatabase(databaseUrl ? { url: databaseUrl } : { folder: `${dataFolder}/database` });
});
afterAll(async () => {
  await database.close();
  await files.remove();
});

const text = fc.string({
  unit: fc.oneof(fc.constantFrom(...'"\\{},; \n', 'NULL'), fc.string({ unit: 'grapheme' })),
});
const storable = text.filter((value) => !value.includes('\0') && value.isWellFormed());
type Element = string | number | bigint | boolean;
const types: Record<string, fc.Arbitrary<Element>> = {
  boolean: fc.boolean(),
  smallint: fc.integer({ min: -32_768, max: 32_767 }),
  integer: fc.integer(),
  bigint: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  real: fc.integer({ min: -4096, max: 4096 }).map((value) => value / 8),
  'double precision': fc.double().filter((value) => !Object.is(value, -0)),
  text: storable,
  uuid: fc.uuid(),
};

test.for(Object.entries(types))('an array of %s comes back as it was sent', async ([type, element]) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option<Element>(element), { maxLength: 8 }), async (values) => {
      // As text: the driver takes an array of bigints or booleans for a single one.
      const sent = values.map((value) => (value === null ? null : String(value)));
      const [row] = await database.forJobs(
        (sql) => sql<{ back: unknown[] }[]>`select ${sent}::${sql.unsafe(type)}[] as back`,
      );
      expect(row?.back).toEqual(values);
    }),
    { numRuns: 50 },
  );
});

test('an array with a hole is refused before it is sent', async () => {
  await expect(
    database.forJobs((sql) => sql`select ${[undefined] as unknown as string[]}::text[]`),
  ).rejects.toThrow('a hole');
});
