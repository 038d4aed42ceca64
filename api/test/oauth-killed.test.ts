import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { startProcess, type PicardProcess } from './faults-process.ts';
import { OauthStage } from './oauth-stage.ts';

/** Each takes about as long as a start. CI sets 30. */
const ROUNDS = Number(process.env['PICARD_FAULT_ROUNDS'] || 5);
const HOSTS = 4;
const ENV = { PICARD_PUBLIC_URL: 'http://localhost:1' };

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.remove());

interface Host {
  clientId: string;
  refreshToken: string;
}

async function refresh(server: URL, host: Host): Promise<number> {
  const form = { grant_type: 'refresh_token', refresh_token: host.refreshToken, client_id: host.clientId };
  const response = await fetch(new URL('/oauth/token', server), {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  const body = (await response.json()) as { refresh_token?: string };
  if (response.status === 200 && body.refresh_token) host.refreshToken = body.refresh_token;
  return response.status;
}

test(
  `kill -9 in the midst of refreshes, ${ROUNDS} times, locks no host out and leaves no grant without a way on`,
  { timeout: 20_000 * (ROUNDS + 1) },
  async () => {
    const hosts = await connect();
    for (let round = 0; round < ROUNDS; round += 1) {
      const picard = await startProcess(database, ENV);
      try {
        await refreshUntilKilled(picard, hosts);
      } finally {
        await picard.kill();
      }
    }
    await using stage = await OauthStage.reopen(null, { database, env: ENV });
    const rows = await stage.picard.picard.services.database.forAccounts(
      (sql) => sql<{ living: number }[]>`
        select count(*) filter (where consumed_at is null)::int as living from oauth_models
        where model = 'RefreshToken' group by grant_id`,
    );
    expect(rows.map(({ living }) => living)).toEqual(Array.from({ length: HOSTS }, () => 1));
    for (const host of hosts) expect(await refresh(stage.picard.url, host)).toBe(200);
  },
);

async function connect(): Promise<Host[]> {
  await using stage = await OauthStage.open({ database, env: ENV });
  const hosts: Host[] = [];
  for (let n = 0; n < HOSTS; n += 1) {
    const clientId = await stage.host();
    hosts.push({ clientId, refreshToken: (await stage.tokens(clientId)).refresh_token });
  }
  return hosts;
}

/** Each host refreshes as fast as it can, with the token it has last received; then the process is killed. */
async function refreshUntilKilled(picard: PicardProcess, hosts: readonly Host[]): Promise<void> {
  let dead = false;
  const use = async (host: Host): Promise<void> => {
    while (!dead) {
      const status = await refresh(picard.url, host).catch(() => 'killed');
      if (status === 'killed') return;
      // What was lost with the process before is asked for again, as it may be for half a minute.
      expect(status).toBe(200);
    }
  };
  const using = hosts.map(use);
  await new Promise((resolve) => setTimeout(resolve, randomInt(200, 600)));
  await picard.kill();
  dead = true;
  await Promise.all(using);
}
