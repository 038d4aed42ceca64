import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as OlderClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OlderStdioTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as OlderHttpTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

/** Where a host finds Picard, and as whom it comes. */
export interface Account {
  url: URL;
  key: string;
}

export type Connected = Client | OlderClient;

export interface Host {
  name: string;
  era: '2026-07-28' | '2025-11-25';
  transport: 'http' | 'stdio';
  connect(account: Account): Promise<Connected>;
}

const info = { name: 'test', version: '1' };
const modern = { versionNegotiation: { mode: 'auto' as const } };

const http = ({ url, key }: Account) =>
  [new URL('/mcp', url), { requestInit: { headers: { authorization: `Bearer ${key}` } } }] as const;

/** As a host starts `picard mcp`; what is logged there is not shown here. */
export const stdioCommand = (env: Record<string, string>) => ({
  command: process.execPath,
  args: [fileURLToPath(new URL('../bin/picard.js', import.meta.url)), 'mcp'],
  env,
  stderr: 'ignore' as const,
});

const stdio = ({ url, key }: Account) => stdioCommand({ PICARD_URL: url.href, PICARD_TOKEN: key });

async function client(
  options: typeof modern | Record<never, never>,
  transport: StreamableHTTPClientTransport | StdioClientTransport,
): Promise<Client> {
  const made = new Client(info, options);
  await made.connect(transport);
  return made;
}

async function olderClient(transport: OlderHttpTransport | OlderStdioTransport): Promise<OlderClient> {
  const made = new OlderClient(info);
  await made.connect(transport);
  return made;
}

/** Every pair of client library, transport and protocol revision that is served. */
export const hosts: readonly Host[] = [
  {
    name: 'client 2 over HTTP',
    era: '2026-07-28',
    transport: 'http',
    connect: (account) => client(modern, new StreamableHTTPClientTransport(...http(account))),
  },
  {
    name: 'client 2 over HTTP',
    era: '2025-11-25',
    transport: 'http',
    connect: (account) => client({}, new StreamableHTTPClientTransport(...http(account))),
  },
  {
    name: 'sdk 1 over HTTP',
    era: '2025-11-25',
    transport: 'http',
    connect: (account) => olderClient(new OlderHttpTransport(...http(account))),
  },
  {
    name: 'client 2 over stdio',
    era: '2026-07-28',
    transport: 'stdio',
    connect: (account) => client(modern, new StdioClientTransport(stdio(account))),
  },
  {
    name: 'client 2 over stdio',
    era: '2025-11-25',
    transport: 'stdio',
    connect: (account) => client({}, new StdioClientTransport(stdio(account))),
  },
  {
    name: 'sdk 1 over stdio',
    era: '2025-11-25',
    transport: 'stdio',
    connect: (account) => olderClient(new OlderStdioTransport(stdio(account))),
  },
];
