/**
 * Drives a Picard of its own with the command line of the MCP Inspector, the tool that people debug MCP servers with:
 * `node .ci/mcp-inspector.mjs`. Over HTTP with the header and over stdio, in both eras of the protocol, it lists the
 * tools (as strictly as the Inspector can), calls two and reads a resource. The Inspector weighs over 100 MB, so it is
 * no dependency: npx fetches it.
 */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const INSPECTOR = '@modelcontextprotocol/inspector@2.12.0';
const START_MS = 60_000;

const root = fileURLToPath(new URL('../', import.meta.url));
const picard = join(root, 'api/bin/picard.js');
const run = promisify(execFile);
/** @type {{ tools: { name: string }[] }} */
const manifest = JSON.parse(await readFile(join(root, 'mcp-adapter/manifest.json'), 'utf8'));

const data = await mkdtemp(join(tmpdir(), 'picard-inspector-'));
// Npx runs the Inspector with the first Node on the path, and it wants a new one.
const env = {
  ...process.env,
  // It keeps what it knows of servers at home otherwise.
  MCP_STORAGE_DIR: data,
  PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
};
const server = spawn(process.execPath, [picard, 'start'], {
  env: { ...env, PICARD_DATA: data, PICARD_PORT: '0', PICARD_EMBEDDING: 'none', DATABASE_URL: '' },
  stdio: ['ignore', 'ignore', 'inherit'],
});

try {
  const url = await started();
  const key = (await readFile(join(data, 'first-key'), 'utf8')).trim();
  const ways = {
    http: [
      '--server-url',
      new URL('/mcp', url).href,
      '--transport',
      'http',
      '--header',
      `Authorization: Bearer ${key}`,
    ],
    stdio: [process.execPath, picard, 'mcp', '-e', `PICARD_URL=${url}`, '-e', `PICARD_TOKEN=${key}`],
  };
  for (const [transport, way] of Object.entries(ways)) {
    for (const era of ['modern', 'legacy']) {
      await drive(way, era);
      process.stdout.write(`${transport}, ${era}: ok\n`);
    }
  }
} finally {
  server.kill();
  if (server.exitCode === null) await once(server, 'exit');
  await rm(data, { recursive: true, force: true });
}

/** Where it listens, once it does. */
async function started() {
  for (const deadline = Date.now() + START_MS; Date.now() < deadline; await sleep(100)) {
    const told = await readFile(join(data, 'server.json'), 'utf8').catch(() => undefined);
    if (told !== undefined) return JSON.parse(told).url;
    if (server.exitCode !== null) break;
  }
  throw new Error('Picard did not start; what it said is above');
}

/**
 * @param {readonly string[]} way to the server, as options of the Inspector
 * @param {string} era
 */
async function drive(way, era) {
  const inspect = async (method, ...options) => {
    const args = ['--yes', INSPECTOR, '--cli', ...way, '--protocol-era', era, '--method', method, ...options];
    const { stdout } = await run('npx', args, { cwd: tmpdir(), env, maxBuffer: 8 * 1024 * 1024 });
    return stdout;
  };
  const call = async (name, args) => {
    const { isError, structuredContent } = JSON.parse(
      await inspect('tools/call', '--tool-name', name, '--tool-args-json', JSON.stringify(args)),
    );
    assert.notEqual(isError, true);
    return structuredContent;
  };

  const { tools } = JSON.parse(await inspect('tools/list', '--strict'));
  assert.deepEqual(
    tools.map(({ name }) => name),
    manifest.tools.map(({ name }) => name),
  );
  const { result } = await call('submit_memory', { text: 'Ada drinks green tea.', tags: ['tea'] });
  const { memory_id } = result.memory;
  assert.ok(
    JSON.stringify(await call('query_memory', { prompt: 'green tea', first: 100 })).includes(memory_id),
  );
  assert.match(await inspect('resources/templates/list'), /memories:\/\/\{memory_id\}/);
  assert.match(await inspect('resources/read', '--uri', `memories://${memory_id}`), /Ada drinks green tea/);
}
