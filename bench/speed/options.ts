import { parseArgs } from 'node:util';

export interface Options {
  readonly databaseUrl: string | undefined;
  /** Whether the embedded database is measured too. */
  readonly embedded: boolean;
  /** Memories of one account at which search is timed, ascending. */
  readonly sizes: readonly number[];
  readonly json: string | undefined;
  readonly writesAlone: number;
  readonly writesTogether: number;
  readonly searches: number;
  readonly users: number;
  readonly memoriesEach: number;
  readonly calls: number;
}

const usage = `Usage: npm run bench:speed -- [options]
  --database-url URL   measure on this Postgres too; its user may create databases
  --no-embedded        leave the embedded database out
  --sizes N,N…         memories of one account at which search is timed (1000,10000,100000)
  --quick              a tenth of everything: to see that it runs, not for numbers
  --json FILE          write all measurements as JSON`;

/** Reads and checks the command line. */
export function options(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'database-url': { type: 'string' },
      sizes: { type: 'string' },
      quick: { type: 'boolean', default: false },
      'no-embedded': { type: 'boolean', default: false },
      json: { type: 'string' },
    },
  });
  const part = values.quick ? 0.1 : 1;
  const sizes = (values.sizes ?? (values.quick ? '100,1000' : '1000,10000,100000')).split(',').map(Number);
  if (!sizes.every((size) => Number.isInteger(size) && size > 0))
    throw new Error(`--sizes are whole numbers above 0, separated by commas, not ${values.sizes}.\n${usage}`);
  return {
    databaseUrl: values['database-url'],
    embedded: !values['no-embedded'],
    sizes: sizes.sort((one, other) => one - other),
    json: values.json,
    writesAlone: 500 * part,
    writesTogether: 9_500 * part,
    searches: 300 * part,
    users: 1_000 * part,
    memoriesEach: 100 * part,
    calls: 500 * part,
  };
}
