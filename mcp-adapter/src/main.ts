import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';
import { pino } from 'pino';
import { newAdapterKey } from './adapter-key.ts';
import { InvalidAdapterConfig, readAdapterConfig } from './config.ts';
import { belowPublicUrl } from './protected-resource.ts';
import { AdapterStartError, startAdapter } from './start-adapter.ts';

const USAGE = `Usage: npm run adapter          serves MCP and the REST tools apart from the API
       npm run -s adapter keys  makes the key pair by which the two know each other
`;

/** The adapter as a process of its own. */
async function main([command, ...rest]: readonly string[]): Promise<void> {
  if (command === undefined) return serve();
  if (command === 'keys' && rest.length === 0) return printKeys();
  process.stderr.write(USAGE);
  process.exitCode = 2;
}

async function serve(): Promise<void> {
  if (existsSync('.env')) loadEnvFile('.env');
  const config = orExit(() => readAdapterConfig(process.env));
  const logger = pino(
    { level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination(2),
  );
  const adapter = await startAdapter(config, logger).catch(exit);
  process.stdout.write(`
The MCP adapter runs, over the API at ${config.apiUrl.href}

  MCP         ${belowPublicUrl(adapter.publicUrl, 'mcp').href}
  REST tools  ${belowPublicUrl(adapter.publicUrl, 'api/tools').href}
  Health      ${new URL('/health', adapter.url).href}
`);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    adapter.close().then(() => process.exit(0), exit);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** Both lines, ready to paste into the settings of each process. */
async function printKeys(): Promise<void> {
  const { privateJwk, publicJwk } = await newAdapterKey();
  const client = { clientId: 'mcp-adapter', publicKey: publicJwk };
  process.stdout.write(`# For the API:
PICARD_ADAPTER_CLIENT='${JSON.stringify(client)}'
# For the adapter, and for nobody else:
PICARD_ADAPTER_KEY='${JSON.stringify(privateJwk)}'
`);
}

function orExit<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    return exit(error);
  }
}

/** What we throw on purpose tells the reader what to do; anything else needs its stack. */
function exit(error: unknown): never {
  if (!(error instanceof InvalidAdapterConfig) && !(error instanceof AdapterStartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

if (import.meta.main) await main(process.argv.slice(2));
