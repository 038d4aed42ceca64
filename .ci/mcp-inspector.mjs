/**
 * Drives a Picard of its own with the command line of the MCP Inspector, the tool that people debug MCP servers with:
 * `node .ci/mcp-inspector.mjs`. Over HTTP with the header and over stdio, in both eras of the protocol, it lists the
 * tools (as strictly as the Inspector can), calls two and reads a resource. The Inspector weighs over 100 MB, so it is
 * no dependency: npx fetches it.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { picard, startPicard } from './start-picard.mjs';

const INSPECTOR = '@modelcontextprotocol/inspector@2.12.0';

const run = promisify(execFile);
/** @type {{ tools: { name: string }[] }} */
const manifest = JSON.parse(await readFile(new URL('../mcp-adapter/manifest.json', import.meta.url), 'utf8'));

const { url, key, data, stop } = await startPicard();
const env = {
  ...process.env,
  // It keeps what it knows of servers at home otherwise.
  MCP_STORAGE_DIR: data,
  // Npx runs the Inspector with the first Node on the path, and it wants a new one.
  PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
};

try {
  const ways = {
    http: [
      '--server-url',
      new URL('/mcp', url).href,
      '--transport',
      'http',
      '--header',
      `Authorization: Bearer ${key}`,
    ],
    stdio: [process.execPath, picard, 'mcp', '-e', `PICARD_URL=${url.href}`, '-e', `PICARD_TOKEN=${key}`],
  };
  for (const [transport, way] of Object.entries(ways)) {
    for (const era of ['modern', 'legacy']) {
      await drive(way, era);
      process.stdout.write(`${transport}, ${era}: ok\n`);
    }
  }
} finally {
  await stop();
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
