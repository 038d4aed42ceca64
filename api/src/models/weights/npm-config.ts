import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { promisify } from 'node:util';

/** The part of npm's configuration that says how to reach its registry. */
export interface NpmConfig {
  registry?: string;
  proxy?: string;
  noProxy?: string;
  ca?: string[];
  cafile?: string;
  strictSSL?: boolean;
}

/**
 * Asks npm itself: its answer is made of several files, the environment and the command line.
 *
 * @returns nothing when npm cannot be run, as in an image without it.
 */
export async function npmConfig(): Promise<NpmConfig> {
  const [command, args] = npmCommand(['config', 'list', '--json', '--long']);
  const { stdout } = await promisify(execFile)(command, args, { timeout: 10_000 });
  const config: unknown = JSON.parse(stdout);
  if (typeof config !== 'object' || config === null) throw new Error('npm config list gave no object');
  return definedOnly(new Map(Object.entries(config)));
}

/** Under npm, the npm that runs us; else the one on the path. */
function npmCommand(args: string[]): [string, string[]] {
  const running = process.env['npm_execpath'];
  if (running && basename(running) === 'npm-cli.js') return [process.execPath, [running, ...args]];
  return ['npm', args];
}

function definedOnly(config: ReadonlyMap<string, unknown>): NpmConfig {
  const text = (key: string) => {
    const value = config.get(key);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const registry = text('registry');
  const proxy = text('https-proxy') ?? text('proxy');
  const cafile = text('cafile');
  const noProxy = [config.get('noproxy')].flat().filter(Boolean).join(',');
  const ca = [config.get('ca')].flat().filter((one) => typeof one === 'string');
  return {
    ...(registry && { registry }),
    ...(proxy && { proxy }),
    ...(noProxy && { noProxy }),
    ...(ca.length > 0 && { ca }),
    ...(cafile && { cafile }),
    ...(config.get('strict-ssl') === false && { strictSSL: false }),
  };
}
