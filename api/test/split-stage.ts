import { newAdapterKey, type PrivateJwk } from '@picard/mcp-adapter/adapter-key';
import { readAdapterConfig } from '@picard/mcp-adapter/config';
import { startAdapter, type RunningAdapter } from '@picard/mcp-adapter/start-adapter';
import { pino } from 'pino';
import { OauthStage } from './oauth-stage.ts';
import { openAddress, type OneAddress } from './one-address.ts';

/** An API with an authorization server, and the MCP adapter apart from it at an address of its own. */
export interface SplitStage extends AsyncDisposable {
  readonly stage: OauthStage;
  /** Where hosts reach the adapter. */
  readonly url: URL;
  /** Where the adapter was told that it is reached. */
  readonly mcpUrl: string;
  readonly key: PrivateJwk;
  readonly adapter: RunningAdapter;
  /** What the adapter logged, line by line. */
  readonly logged: string[];
  /** Another adapter of the same key, beside the first. */
  startAnother(): Promise<RunningAdapter>;
}

export async function openSplitStage(env: Record<string, string> = {}): Promise<SplitStage> {
  const address: OneAddress = await openAddress();
  const mcpUrl = `http://localhost:${address.url.port}`;
  const { privateJwk, publicJwk } = await newAdapterKey();
  const stage = await OauthStage.open({
    deployment: 'one',
    env: {
      PICARD_MCP_URL: mcpUrl,
      PICARD_ADAPTER_CLIENT: JSON.stringify({ clientId: 'mcp-adapter', publicKey: publicJwk }),
      ...env,
    },
  });
  const logged: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
  const settings = readAdapterConfig({
    PICARD_API_URL: stage.picard.url.href,
    PICARD_MCP_URL: mcpUrl,
    PICARD_ADAPTER_KEY: JSON.stringify(privateJwk),
    PICARD_ADAPTER_PORT: '0',
  });
  const start = () => startAdapter(settings, logger);
  const adapter = await start();
  address.use({ serverFor: () => adapter.url });
  const others: RunningAdapter[] = [];
  return {
    stage,
    url: address.url,
    mcpUrl,
    key: privateJwk,
    adapter,
    logged,
    async startAnother() {
      const another = await start();
      others.push(another);
      return another;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([adapter, ...others].map((each) => each.close()));
      await address[Symbol.asyncDispose]();
      await stage[Symbol.asyncDispose]();
    },
  };
}
