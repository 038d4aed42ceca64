import { table } from '../table.ts';

/** One thing measured on one database: `value` as it is printed, with its unit in `what`. */
export interface Measurement {
  readonly database: string;
  readonly what: string;
  readonly value: string;
}

/** Gathers what was measured, and says each as soon as it is known, for a run takes minutes. */
export class Measurements {
  readonly all: Measurement[] = [];
  readonly #database: string;

  constructor(database: string) {
    this.#database = database;
  }

  add(what: string, value: string): void {
    this.all.push({ database: this.#database, what, value });
    console.log(`${this.#database}: ${what}: ${value}`);
  }
}

/** One line for each thing measured, one column for each database. */
export function resultTable(measurements: readonly Measurement[]): string {
  const databases = [...new Set(measurements.map((each) => each.database))];
  const values = Map.groupBy(measurements, (each) => each.what);
  return table(
    ['', ...databases],
    Array.from(values, ([what, measured]) => [
      what,
      ...databases.map((database) => measured.find((each) => each.database === database)?.value ?? '–'),
    ]),
  );
}
