import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startMuseumServer } from '../../mcp-adapter/test/conformance/museum-server.ts';
import { startBearerProxy } from './bearer-proxy.ts';
import { WIRE, passes, runSuite, wrong, type Scenario } from './mcp-conformance-suite.ts';
import type { Era } from './mcp-requests.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

/** How many scenarios each revision requires of a server: all of them pass. */
const required: Readonly<Record<Era, number>> = { '2026-07-28': 37, '2025-11-25': 30 };

/** Those that want no tool, prompt or resource of the suite's own, and so can pass on Picard as it is. */
const withoutFixtures: Readonly<Record<Era, readonly string[]>> = {
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
    'resources-subscribe',
    'resources-unsubscribe',
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

async function runBehindProxy(url: URL, token: string, era: Era): Promise<Scenario[]> {
  // The suite can send no bearer token.
  const proxy = await startBearerProxy(url, token);
  try {
    return await runSuite(new URL('/mcp', proxy.url), era);
  } finally {
    await proxy[Symbol.asyncDispose]();
  }
}

const names = (scenarios: Scenario[]) => scenarios.map(({ name }) => name);

function everyMessageIsValid(scenarios: Scenario[]): void {
  const checks = scenarios.flatMap(({ name, checks }) =>
    checks.filter(({ id }) => id === WIRE).map((check) => ({ name, ...check })),
  );
  expect(checks.length).toBeGreaterThan(20);
  expect(checks.filter(wrong)).toEqual([]);
}

describe.each<Era>(['2026-07-28', '2025-11-25'])('the requirements of %s', (era) => {
  describe('on the adapter, over one of each kind of thing', () => {
    let scenarios: Scenario[];
    beforeAll(async () => {
      const museum = await startMuseumServer();
      scenarios = await runBehindProxy(museum.url, 'full', era);
      await museum[Symbol.asyncDispose]();
    });

    test('are met, every one', () => {
      const counted = scenarios.filter((scenario) => scenario.required);
      expect(counted).toHaveLength(required[era]);
      expect(names(counted.filter((scenario) => !passes(scenario)))).toEqual([]);
    });

    test('are met in messages that keep to the schema of the protocol', () => everyMessageIsValid(scenarios));
  });

  describe('on Picard as it is', () => {
    let picard: TestPicard;
    let scenarios: Scenario[];
    beforeAll(async () => {
      picard = await startTestPicard();
      scenarios = await runBehindProxy(picard.url, await picard.account('ada'), era);
    });
    afterAll(() => picard[Symbol.asyncDispose]());

    test('are met where they want nothing of the suite’s own', () => {
      expect(names(scenarios.filter(passes))).toEqual(withoutFixtures[era]);
    });

    test('are met in messages that keep to the schema of the protocol', () => everyMessageIsValid(scenarios));

    test('are missed nowhere by a fault of the server', () => {
      const told = scenarios.flatMap(({ checks }) => checks).map(({ errorMessage = '' }) => errorMessage);
      expect(
        told.filter((message) => /internal|something went wrong|-32603|\b500\b|timed? ?out/i.test(message)),
      ).toEqual([]);
    });

    if (era === '2026-07-28') {
      test('server-stateless holds but for what wants diagnostic tools', () => {
        const checks = scenarios.find(({ name }) => name === 'server-stateless')?.checks ?? [];
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
});
