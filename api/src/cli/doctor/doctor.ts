import { existsSync } from 'node:fs';
import { InvalidConfig } from '../../config.ts';
import { FolderInUse, lockFolder } from '../../storage/folder-lock.ts';
import { CliError } from '../cli-error.ts';
import { readFirstKey, readSettings, serverOf, type CliSettings } from '../settings.ts';
import { checkDatabase } from './check-database.ts';
import { checkLogins } from './check-logins.ts';
import { checkDataFolder, checkEnvironment, checkNode, checkPort } from './check-machine.ts';
import { checkModel } from './check-model.ts';
import { checkServer } from './check-server.ts';
import { describe, mend, note, type Finding } from './finding.ts';

/** Looks at everything that a start needs and at the logins, changes nothing of it, and says what to do. */
export async function doctor(): Promise<void> {
  const findings = [checkNode(), checkEnvironment(), ...(await checkSettings()), ...(await checkLogins())];
  for (const finding of findings) process.stdout.write(`${describe(finding)}\n`);
  const toMend = findings.filter(({ state }) => state === 'mend').length;
  process.stdout.write(
    toMend === 0
      ? '\nNothing has to be mended.\n'
      : `\n${toMend === 1 ? 'One thing has' : `${toMend} things have`} to be mended: see ✗ above.\n`,
  );
  if (toMend > 0) process.exitCode = 1;
}

async function checkSettings(): Promise<Finding[]> {
  let settings: CliSettings;
  try {
    settings = readSettings();
  } catch (error) {
    if (!(error instanceof InvalidConfig || error instanceof CliError)) throw error;
    return [mend('Settings', error.message, 'Correct them, then run `picard doctor` again.')];
  }
  const { config } = settings;
  const server = await serverOf(settings);
  if (server && settings.url) return checkServer(server, settings);
  const folder = await checkDataFolder(config);
  if (server) return [folder, ...(await checkServer(server, settings))];
  const stopped = note('Server', 'does not run', 'Start it with `picard start` or `npm start`.');
  return [
    folder,
    stopped,
    await checkPort(config),
    await checkModel(config),
    ...(await withFolder(settings)),
  ];
}

/** Nobody opens an embedded database beside another process. */
async function withFolder({ config }: CliSettings): Promise<Finding[]> {
  const firstKey = await readFirstKey(config);
  if (config.databaseUrl || !existsSync(config.dataFolder)) return checkDatabase(config, firstKey);
  try {
    const lock = lockFolder(config.dataFolder);
    try {
      return await checkDatabase(config, firstKey);
    } finally {
      lock.release();
    }
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error;
    return [
      mend(
        'Lock',
        'another Picard process has the data folder, and no server answers: it is starting, or `picard mcp` or another command runs',
        'Wait a moment and look again; if it stays so, end that process.',
      ),
    ];
  }
}
