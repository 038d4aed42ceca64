import { expect, it } from 'vitest';
import { resultTable } from './result.ts';

it('sets databases side by side', () => {
  const lines = resultTable([
    { database: 'embedded', what: 'start, ms', value: '800' },
    { database: 'embedded', what: 'write, ms', value: '2.0' },
    { database: 'Postgres', what: 'start, ms', value: '400' },
  ]).split('\n');
  expect(lines[2]).toMatch(/^start, ms\s+800\s+400$/);
  expect(lines[3]).toMatch(/^write, ms\s+2\.0\s+–$/);
});
