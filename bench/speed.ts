import { writeFile } from 'node:fs/promises';
import { createBenchDatabase } from './bench-database.ts';
import { machine } from './speed/machine.ts';
import { options } from './speed/options.ts';
import { Measurements, resultTable } from './speed/result.ts';
import { runSpeed } from './speed/run.ts';

const chosen = options(process.argv.slice(2));
const measuredOn = machine();
console.log(measuredOn);

const all: Measurements['all'][number][] = [];
if (chosen.embedded) {
  const measured = new Measurements('embedded');
  await runSpeed(undefined, chosen, measured);
  all.push(...measured.all);
}

if (chosen.databaseUrl !== undefined) {
  const database = await createBenchDatabase(chosen.databaseUrl);
  try {
    const measured = new Measurements('Postgres');
    await runSpeed(database.url, chosen, measured);
    all.push(...measured.all);
  } finally {
    await database.drop();
  }
}

console.log(`\n${measuredOn}\n\n${resultTable(all)}`);
if (chosen.json !== undefined)
  await writeFile(chosen.json, `${JSON.stringify({ machine: measuredOn, measurements: all }, null, 2)}\n`);
