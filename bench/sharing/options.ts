import { parseArgs } from 'node:util';

export interface Options {
  readonly databaseUrl: string;
  readonly owners: number;
  readonly memoriesEach: number;
  readonly groups: number;
  readonly searches: number;
  /** Where the texts are whose recall is measured; without it no recall is. */
  readonly data: string | undefined;
}

const usage = `Usage: npm run bench:sharing -- --database-url URL [options]
  --database-url URL   the Postgres to measure on; its user may create databases
  --data FOLDER        measure recall too, on the texts and queries of the sets in it (see bench:retrieval)
  --quick              a hundredth of everything: to see that it runs, not for numbers`;

/** Reads and checks the command line. */
export function options(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'database-url': { type: 'string' },
      data: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  });
  const databaseUrl = values['database-url'];
  if (databaseUrl === undefined) throw new Error(`--database-url is missing.\n${usage}`);
  return {
    databaseUrl,
    owners: values.quick ? 20 : 1_000,
    memoriesEach: values.quick ? 50 : 100,
    groups: values.quick ? 4 : 40,
    data: values.data,
    searches: values.quick ? 20 : 200,
  };
}
