/**
 * Runs the MCP conformance suite on the adapter, every scenario that a revision of the protocol requires, and prints a
 * table: `node .ci/conformance.mjs`. What the scenarios need is not Picard's, so they run against a museum of one of each
 * kind of thing (mcp-adapter/test/conformance), whose operations are compiled and served as Picard's own are.
 * Fails when a required scenario does not pass.
 */
import process from 'node:process';
import { startBearerProxy } from '../api/test/bearer-proxy.ts';
import { passes, runSuite, wrong } from '../api/test/mcp-conformance-suite.ts';
import { startMuseumServer } from '../mcp-adapter/test/conformance/museum-server.ts';

const server = await startMuseumServer();
// The suite can send no bearer token.
const proxy = await startBearerProxy(server.url, 'full');
const say = (line = '') => process.stdout.write(`${line}\n`);

try {
  for (const revision of ['2026-07-28', '2025-11-25']) {
    const scenarios = await runSuite(new URL('/mcp', proxy.url), revision);
    const required = scenarios.filter((scenario) => scenario.required);
    const passed = required.filter(passes);
    say(`\n${revision}: ${passed.length}/${required.length} required scenarios pass`);
    for (const scenario of scenarios) {
      const good = scenario.checks.filter(({ status }) => status === 'SUCCESS').length;
      const bad = scenario.checks.filter(wrong);
      const mark = passes(scenario) ? 'ok  ' : scenario.required ? 'FAIL' : 'no  ';
      const counted = scenario.required ? '' : ' (not counted)';
      say(`  ${mark} ${scenario.name}: ${good} checks hold, ${bad.length} do not${counted}`);
      if (scenario.required)
        for (const { id, errorMessage } of bad) say(`       ${id}: ${errorMessage ?? ''}`);
    }
    if (required.length === 0 || passed.length < required.length) process.exitCode = 1;
  }
} finally {
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
}
