/**
 * The report of the MCP conformance suite on a Picard of its own, every scenario of both revisions:
 * `node .ci/conformance.mjs`. It is for reading: which scenarios pass is held by api/test/mcp-conformance.test.ts.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import process from 'node:process';
import { startBearerProxy } from '../api/test/bearer-proxy.ts';
import { startPicard } from './start-picard.mjs';

const suite = fileURLToPath(
  new URL('../node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url),
);
const server = await startPicard();
// The suite can send no bearer token.
const proxy = await startBearerProxy(server.url, server.key);
const results = await mkdtemp(join(tmpdir(), 'picard-conformance-'));

try {
  for (const revision of ['2026-07-28', '2025-11-25']) {
    const url = new URL('/mcp', proxy.url).href;
    const args = [suite, 'server', '--url', url, '--requirements', revision, '-o', results];
    const run = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let told = '';
    run.stdout.setEncoding('utf8').on('data', (part) => (told += part));
    await once(run, 'close');
    process.stdout.write(`\n${revision}\n${told.slice(told.indexOf('=== SUMMARY')).trim()}\n`);
  }
} finally {
  await proxy[Symbol.asyncDispose]();
  await server.stop();
  await rm(results, { recursive: true, force: true });
}
