import type postgres from 'postgres';
import { parse } from 'postgres-array';

const text = (value: string) => value;

/** By the object ids of the built-in types, which every Postgres has: `pg_type.dat` of its source. */
const elements = {
  boolean: { array: 1000, read: (value: string) => value === 't' },
  int2: { array: 1005, read: Number },
  int4: { array: 1007, read: Number },
  int8: { array: 1016, read: BigInt },
  float4: { array: 1021, read: Number },
  float8: { array: 1022, read: Number },
  text: { array: 1009, read: text },
  uuid: { array: 2951, read: text },
};

/**
 * Left to itself the driver (postgres 3.4) asks each new connection for the types of arrays, in a query that nobody
 * waits for: a connection that Postgres ends just then is a rejection that ends the process.
 */
export const arrayTypes: Record<string, postgres.PostgresType> = Object.fromEntries(
  Object.entries(elements).map(([name, { array, read }]) => [
    `${name}s`,
    {
      to: array,
      from: [array],
      serialize: writeArray,
      parse: (written: string) => parse<unknown>(written, read),
    },
  ]),
);

type Element = string | number | bigint | boolean | null | undefined;

function writeArray(values: readonly Element[]): string {
  return `{${values.map(writeElement).join(',')}}`;
}

function writeElement(value: Element): string {
  if (value === undefined) throw new TypeError('An array with a hole cannot be sent to the database');
  if (value === null) return 'null';
  return `"${String(value).replace(/["\\]/g, String.raw`\$&`)}"`;
}
