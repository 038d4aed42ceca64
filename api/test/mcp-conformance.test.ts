import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBearerProxy } from './bearer-proxy.ts';
import type { Era } from './mcp-requests.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

/**
 * The scenarios of the conformance suite that pass on Picard as it is. All others call tools, prompts and resources
 * of the suite's own, or ask for what is not served yet: prompts, confirmation, subscriptions to resources.
 */
const passing: Readonly<Record<Era, readonly string[]>> = {
  '2026-07-28': [
    'caching',
    'dns-rebinding-protection',
    'http-header-validation',
    'input-required-result-unsupported-methods',
    'input-required-result-validate-input',
    'prompts-list',
    'resources-list',
    'sep-2164-resource-not-found',
    'server-sse-multiple-streams',
    'tools-list',
  ],
  '2025-11-25': [
    'dns-rebinding-protection',
    'logging-set-level',
    'ping',
    'prompts-list',
    'resources-list',
    'server-initialize',
    'server-session-lifecycle',
    'server-sse-multiple-streams',
    'tools-list',
  ],
};

/** Checks of `server-stateless` that want diagnostic tools of the suite's own; the other 24 hold. */
const untestable = [
  'sep-2575-http-server-no-independent-requests-on-stream',
  'sep-2575-missing-capability-http-400',
  'sep-2575-server-no-log-without-loglevel',
  'sep-2575-server-rejects-undeclared-capability',
];

interface Check {
  id: string;
  status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  errorMessage?: string;
}

/** That the messages keep to the protocol's schema is checked in every scenario, also where there is nothing else. */
const WIRE = 'wire-schema-valid';

const suite = join(
  createRequire(import.meta.url).resolve('@modelcontextprotocol/conformance/package.json'),
  '../dist/index.js',
);

let picard: TestPicard;
let proxy: Awaited<ReturnType<typeof startBearerProxy>>;
let folder: string;
beforeAll(async () => {
  picard = await startTestPicard();
  // The suite can send no bearer token.
  proxy = await startBearerProxy(picard.url, await picard.account('ada'));
  folder = await mkdtemp(join(tmpdir(), 'picard-conformance-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await proxy[Symbol.asyncDispose]();
  await picard[Symbol.asyncDispose]();
});

async function run(era: Era): Promise<Map<string, Check[]>> {
  const results = join(folder, era);
  const args = [
    suite,
    'server',
    '--url',
    new URL('/mcp', proxy.url).href,
    '--requirements',
    era,
    '-o',
    results,
  ];
  // Its exit code counts the scenarios that cannot pass.
  await once(spawn(process.execPath, args, { stdio: 'ignore' }), 'exit');
  const scenarios = (await readdir(results)).map(async (name): Promise<[string, Check[]]> => {
    const scenario = /^server-(.+?)-\d{4}-\d\d-\d\dT/.exec(name)?.[1] ?? name;
    return [scenario, JSON.parse(await readFile(join(results, name, 'checks.json'), 'utf8'))];
  });
  return new Map(await Promise.all(scenarios));
}

const wrong = ({ status }: Check) => status === 'FAILURE' || status === 'WARNING';

describe.each<Era>(['2026-07-28', '2025-11-25'])('the requirements of %s', (era) => {
  let scenarios: Map<string, Check[]>;
  beforeAll(async () => {
    scenarios = await run(era);
  });

  test.each(passing[era])('%s passes', (name) => {
    expect(scenarios.get(name)?.filter(wrong)).toEqual([]);
  });

  test('no others pass: one that does belongs on the list', () => {
    const passed = [...scenarios].filter(
      ([, checks]) =>
        !checks.some(wrong) && checks.some(({ id, status }) => status === 'SUCCESS' && id !== WIRE),
    );
    expect(passed.map(([name]) => name).toSorted()).toEqual(passing[era]);
  });

  test('every message of every scenario keeps to the schema of the protocol', () => {
    const checks = [...scenarios].flatMap(([name, all]) =>
      all.filter(({ id }) => id === WIRE).map((check) => ({ name, ...check })),
    );
    expect(checks.length).toBeGreaterThan(20);
    expect(checks.filter(wrong)).toEqual([]);
  });

  test('no scenario fails by a fault of the server', () => {
    const told = [...scenarios.values()].flat().map(({ errorMessage = '' }) => errorMessage);
    expect(
      told.filter((message) => /internal|something went wrong|-32603|\b500\b|timed? ?out/i.test(message)),
    ).toEqual([]);
  });

  if (era === '2026-07-28') {
    test('server-stateless holds but for what wants diagnostic tools', () => {
      const checks = scenarios.get('server-stateless') ?? [];
      expect(
        checks
          .filter(wrong)
          .map(({ id }) => id)
          .toSorted(),
      ).toEqual(untestable);
      expect(checks.filter(({ status }) => status === 'SUCCESS').length).toBeGreaterThanOrEqual(24);
    });
  }
});
