import { parseArgs } from 'node:util';
import type { Endpoint } from '../graphql.ts';
import { listSets } from './set.ts';
import { plainVariant, serverVariants } from './variants.ts';

export interface Options {
  readonly data: string;
  readonly sets: readonly string[];
  readonly variants: readonly string[];
  readonly json: string | undefined;
  /** A server that runs already; otherwise the bench starts one for each set. */
  readonly endpoint: Endpoint | undefined;
  readonly databaseUrl: string | undefined;
  /** The least recall@10 that every variant has to reach over all queries. */
  readonly floor: number;
}

export const usage = `Usage: npm run bench:retrieval -- --data FOLDER [options]
  --data FOLDER        holds one folder for each set: corpus.jsonl, queries.jsonl, qrels.tsv
  --set NAME           only this set; may be repeated
  --variant NAME       only this way of searching; may be repeated
  --json FILE          write all rows as JSON
  --url URL --key KEY  use a running server (KEY: an administrator's API key) in place of starting one
  --database-url URL   let the servers started keep their data in this Postgres; its user may create databases
  --floor N            fail if any variant's recall@10 is below N (0 to 1)`;

/** Reads and checks the command line. */
export async function options(args: readonly string[]): Promise<Options> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      set: { type: 'string', multiple: true },
      variant: { type: 'string', multiple: true },
      json: { type: 'string' },
      url: { type: 'string' },
      key: { type: 'string' },
      'database-url': { type: 'string' },
      floor: { type: 'string', default: '0' },
    },
  });
  if (values.data === undefined) throw new Error(`--data is missing.\n${usage}`);
  if ((values.url === undefined) !== (values.key === undefined))
    throw new Error(`--url and --key go together.\n${usage}`);
  const floor = Number(values.floor);
  if (!(floor >= 0 && floor <= 1)) throw new Error(`--floor is a number from 0 to 1, not ${values.floor}.`);
  return {
    data: values.data,
    sets: only('set', await listSets(values.data), values.set),
    variants: only('variant', [...Object.keys(serverVariants), plainVariant], values.variant),
    json: values.json,
    endpoint:
      values.url !== undefined && values.key !== undefined ? { url: values.url, key: values.key } : undefined,
    databaseUrl: values['database-url'],
    floor,
  };
}

function only(
  option: string,
  known: readonly string[],
  asked: readonly string[] | undefined,
): readonly string[] {
  const unknown = asked?.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`There is no ${option} ${unknown}, only ${known.join(', ')}.`);
  return asked ?? known;
}
