import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { OauthStage } from './oauth-stage.ts';

const suite = dirname(
  createRequire(import.meta.url).resolve('@modelcontextprotocol/conformance/package.json'),
);

interface Check {
  id: string;
  status: string;
  errorMessage?: string;
}

test(
  'every scenario of the MCP conformance suite for authorization servers passes',
  { timeout: 60_000 },
  async () => {
    await using stage = await OauthStage.open();
    const port = await freePort();
    const { body: client } = await stage.register({
      redirect_uris: [`http://127.0.0.1:${port}/callback`],
      token_endpoint_auth_method: 'none',
    });
    const folder = await mkdtemp(join(tmpdir(), 'picard-conformance-'));
    const args = ['authorization', '--url', stage.issuer, '--client-id', client.client_id];
    const more = ['--resource', stage.resources.mcp, '--port', String(port), '-o', folder];
    const child = spawn(process.execPath, [join(suite, 'dist/index.js'), ...args, ...more], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    let opened = false;
    const hear = (bytes: Buffer): void => {
      said += bytes.toString();
      const url = /http:\/\/\S+\/oauth\/authorize\?\S+/.exec(said)?.[0];
      if (!url || opened) return;
      opened = true;
      // The person at the browser, whom the suite asks to open this.
      void stage.browser.follow(new URL(url)).then((end) => ('url' in end ? fetch(end.url) : undefined));
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    await once(child, 'exit');
    const scenarios = await readdir(folder);
    const checks: Check[] = [];
    for (const scenario of scenarios)
      checks.push(...(JSON.parse(await readFile(join(folder, scenario, 'checks.json'), 'utf8')) as Check[]));
    await rm(folder, { recursive: true, force: true });
    // What it said tells why, where a scenario could not run at all.
    expect(scenarios.length, said).toBeGreaterThanOrEqual(2);
    expect(checks.filter(({ status }) => status === 'FAILURE' || status === 'WARNING')).toEqual([]);
    expect(checks.filter(({ status }) => status === 'SUCCESS').length).toBeGreaterThanOrEqual(3);
  },
);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
