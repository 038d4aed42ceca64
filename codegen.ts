import process from 'node:process';
import { CodegenProblems } from './mcp-adapter/codegen/problem.ts';
import { runCodegen } from './mcp-adapter/codegen/run-codegen.ts';

/**
 * Compiles mcp-adapter/operations against schema/schema.graphql into mcp-adapter/manifest.json and docs/mcp-tools.md.
 * `--check` writes nothing and fails on drift; `--accept-breaking` writes although callers may break.
 */
try {
  process.exitCode = runCodegen({
    root: new URL('./', import.meta.url),
    check: process.argv.includes('--check'),
    acceptBreaking: process.argv.includes('--accept-breaking'),
    print: (line) => process.stdout.write(`${line}\n`),
  });
} catch (error) {
  if (!(error instanceof CodegenProblems)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
