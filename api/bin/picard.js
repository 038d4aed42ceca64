#!/usr/bin/env node
// Plain JavaScript that any Node can read: the rest is TypeScript in the form that Node 24 runs by itself.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const program = new URL('../src/cli/picard.ts', import.meta.url);

if (Number(process.versions.node.split('.')[0]) >= 24) await import(program.href);
else runWith(bundledNode());

/** The Node 24 that was installed with Picard. */
function bundledNode() {
  try {
    return createRequire(import.meta.url).resolve('node/bin/node');
  } catch {
    process.stderr.write(
      `Picard needs Node 24 or newer; this is ${process.versions.node}, and the newer one that comes with Picard is ` +
        'not installed. Run `npm ci` in the folder of Picard, or install a newer Node.\n',
    );
    process.exit(1);
  }
}

/** @param {string} node */
function runWith(node) {
  const child = spawn(node, [fileURLToPath(program), ...process.argv.slice(2)], { stdio: 'inherit' });
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`Picard could not start ${node}: ${error.message}. Run \`npm ci\` again.\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)));
}
