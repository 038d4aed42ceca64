#!/usr/bin/env node
// Plain JavaScript that any Node can read: the rest is TypeScript, which Node runs by itself from 22.18 on.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const program = new URL('../src/cli/picard.ts', import.meta.url);

if (stripsTypes(process.versions.node)) await import(program.href);
else runWith(bundledNode());

/** @param {string} version */
function stripsTypes(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major >= 24 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);
}

/** The Node 24 that was installed with Picard. */
function bundledNode() {
  try {
    return createRequire(import.meta.url).resolve('node/bin/node');
  } catch {
    process.stderr.write(
      `Picard needs Node 22.18 or newer; this is ${process.versions.node}, and the newer one that comes with Picard is ` +
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
