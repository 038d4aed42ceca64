import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * One project for each workspace. graphql ships one build for `require` and one for `import`; without these
 * conditions a test would load both, and objects of one are no objects to the other.
 */
const project = (
  name: string,
  include: string[],
  more: { globalSetup?: string[]; execArgv?: string[] } = {},
) => ({
  ssr: { resolve: { conditions: ['module', 'node'] } },
  test: {
    name,
    include,
    ...more,
    environment: 'node' as const,
    pool: 'forks' as const,
    testTimeout: 60_000,
    // Migrating a database, or starting a whole server, on a slow machine.
    hookTimeout: 60_000,
  },
});

/** With two instances each, more of them would use up the connections of a Postgres. */
const MOST_WORKERS = 8;

export default defineConfig({
  test: {
    // Left to itself vitest keeps a core free: half of a machine with two.
    maxWorkers: Math.min(availableParallelism(), MOST_WORKERS),
    projects: [
      project('api', ['api/src/**/*.test.ts']),
      project('server', ['api/test/**/*.test.ts'], {
        globalSetup: ['api/test/global-setup.ts'],
        // A test's embedded Postgres is gone before what V8 spends on optimizing it is paid back.
        execArgv: ['--liftoff-only'],
      }),
      project('mcp-adapter', ['mcp-adapter/**/*.test.ts', '*.test.ts']),
      project('bench', ['bench/**/*.test.ts']),
    ],
  },
});
