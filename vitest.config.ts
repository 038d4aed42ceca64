import { defineConfig } from 'vitest/config';

/**
 * One project for each workspace. graphql ships one build for `require` and one for `import`; without these
 * conditions a test would load both, and objects of one are no objects to the other.
 */
const project = (name: string, include: string[], globalSetup: string[] = []) => ({
  ssr: { resolve: { conditions: ['module', 'node'] } },
  test: {
    name,
    include,
    globalSetup,
    environment: 'node' as const,
    pool: 'forks' as const,
    testTimeout: 30_000,
    // Migrating a database, or starting a whole server, on a slow machine.
    hookTimeout: 60_000,
  },
});

export default defineConfig({
  test: {
    projects: [
      project('api', ['api/src/**/*.test.ts']),
      project('server', ['api/test/**/*.test.ts'], ['api/test/global-setup.ts']),
      project('mcp-adapter', ['mcp-adapter/**/*.test.ts', '*.test.ts']),
      project('bench', ['bench/**/*.test.ts']),
    ],
  },
});
