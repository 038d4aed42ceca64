import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';

/** One check of a scenario. */
export interface Check {
  id: string;
  status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  errorMessage?: string;
}

export interface Scenario {
  name: string;
  /** Whether the requirements of the revision count it. */
  required: boolean;
  checks: Check[];
}

/** That the messages keep to the protocol's schema is checked in every scenario, also where there is nothing else. */
export const WIRE = 'wire-schema-valid';

const suite = dirname(
  createRequire(import.meta.url).resolve('@modelcontextprotocol/conformance/package.json'),
);

/** Runs what a revision requires of a server, and what is run beside it without being counted. */
export async function runSuite(url: URL, revision: string): Promise<Scenario[]> {
  const required = await requiredScenarios(revision);
  const folder = await mkdtemp(join(tmpdir(), 'picard-conformance-'));
  try {
    const args = ['server', '--url', url.href, '--requirements', revision, '-o', folder];
    // Its exit code says nothing that the checks do not.
    await once(spawn(process.execPath, [join(suite, 'dist/index.js'), ...args], { stdio: 'ignore' }), 'exit');
    const ran = await Promise.all(
      (await readdir(folder)).map(async (entry): Promise<Scenario> => {
        const name = /^server-(.+?)-\d{4}-\d\d-\d\dT/.exec(entry)?.[1] ?? entry;
        const checks: Check[] = JSON.parse(await readFile(join(folder, entry, 'checks.json'), 'utf8'));
        return { name, required: required.includes(name), checks };
      }),
    );
    const missing = required.filter((name) => !ran.some((scenario) => scenario.name === name));
    return [...ran, ...missing.map((name) => ({ name, required: true, checks: [] }))].sort((a, b) =>
      a.name < b.name ? -1 : 1,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The scenarios a revision requires of a server, as the suite has them on file. */
export async function requiredScenarios(revision: string): Promise<string[]> {
  const text = await readFile(join(suite, `requirements/${revision}.yaml`), 'utf8');
  const section = /^server:\n((?: {2}- .*\n)+)/m.exec(text)?.[1] ?? '';
  return section
    .trim()
    .split('\n')
    .map((line) => line.replace(/^\s*- /, ''));
}

/** A warning is of a SHOULD, which we hold too. */
export const wrong = ({ status }: Check) => status === 'FAILURE' || status === 'WARNING';

/** A scenario passes when something was checked and nothing was wrong. */
export function passes({ checks }: Scenario): boolean {
  return !checks.some(wrong) && checks.some(({ id, status }) => status === 'SUCCESS' && id !== WIRE);
}
