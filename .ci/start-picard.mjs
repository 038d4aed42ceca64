import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const picard = fileURLToPath(new URL('../api/bin/picard.js', import.meta.url));

const START_MS = 60_000;

/** Starts a Picard as people start it, on a free port and an empty folder of its own. */
export async function startPicard() {
  const data = await mkdtemp(join(tmpdir(), 'picard-ci-'));
  const server = spawn(process.execPath, [picard, 'start'], {
    env: { ...process.env, PICARD_DATA: data, PICARD_PORT: '0', PICARD_EMBEDDING: 'none', DATABASE_URL: '' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const stop = async () => {
    server.kill();
    if (server.exitCode === null) await once(server, 'exit');
    await rm(data, { recursive: true, force: true });
  };
  for (const deadline = Date.now() + START_MS; Date.now() < deadline; await sleep(100)) {
    const told = await readFile(join(data, 'server.json'), 'utf8').catch(() => undefined);
    if (told !== undefined) {
      const key = (await readFile(join(data, 'first-key'), 'utf8')).trim();
      return { url: new URL(JSON.parse(told).url), key, data, stop };
    }
    if (server.exitCode !== null) break;
  }
  await stop();
  throw new Error('Picard did not start; what it said is above');
}
