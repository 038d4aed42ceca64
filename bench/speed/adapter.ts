import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { type Endpoint, post } from '../graphql.ts';
import { median } from './percentiles.ts';
import { randomNumbers } from './random.ts';
import type { Measurements } from './result.ts';
import { question } from './texts.ts';

const manifestFile = join(import.meta.dirname, '..', '..', 'mcp-adapter', 'manifest.json');
const Manifest = z.object({ tools: z.array(z.object({ name: z.string(), document: z.string() })) });

/** The revision of MCP without sessions: every request says by itself who asks and in which version. */
const protocolVersion = '2026-07-28';
const ToolAnswer = z.object({ result: z.object({ isError: z.boolean().optional() }) });
const GraphqlAnswer = z.object({ data: z.record(z.string(), z.unknown()), errors: z.undefined().optional() });

const warmUps = 20;

/**
 * What the adapter adds: the same operation with the same arguments, as an MCP tool and as plain GraphQL, by
 * turns in one run, so that whatever else the machine does falls on both.
 */
export async function measureAdapter(account: Endpoint, calls: number, into: Measurements): Promise<void> {
  const manifest = Manifest.parse(JSON.parse(await readFile(manifestFile, 'utf8')));
  const random = randomNumbers(31);
  const tools: Record<string, () => Record<string, unknown>> = {
    query_memory: () => ({ prompt: question(random), mode: 'WORDS' }),
    get_memories: () => ({ first: 20 }),
  };
  for (const [tool, makeArguments] of Object.entries(tools)) {
    const document = manifest.tools.find((each) => each.name === tool)?.document;
    if (document === undefined) throw new Error(`${manifestFile} has no tool ${tool}.`);
    const times: Record<'mcp' | 'graphql', number[]> = { mcp: [], graphql: [] };
    for (let index = 0; index < warmUps + calls; index += 1) {
      const values = makeArguments();
      const ways = [
        async () => times.mcp.push(await timed(() => callTool(account, tool, values))),
        async () => times.graphql.push(await timed(() => callGraphql(account, document, values))),
      ];
      // Whoever goes second finds the rows in the cache: that advantage has to change sides.
      for (const way of index % 2 === 0 ? ways : ways.toReversed()) await way();
    }
    const mcp = median(times.mcp.slice(warmUps));
    const graphql = median(times.graphql.slice(warmUps));
    into.add(`${tool}, MCP / GraphQL, ms (medians)`, `${mcp.toFixed(2)} / ${graphql.toFixed(2)}`);
    into.add(`${tool}, MCP ÷ GraphQL`, (mcp / graphql).toFixed(2));
  }
}

async function callTool(account: Endpoint, name: string, values: Record<string, unknown>): Promise<void> {
  const text = await post(
    account,
    '/mcp',
    {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: {
        name,
        arguments: values,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': protocolVersion,
          'io.modelcontextprotocol/clientInfo': { name: 'picard-bench', version: '1' },
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    },
    {
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': protocolVersion,
      'mcp-method': 'tools/call',
      'mcp-name': name,
    },
  );
  // An answer may come as one server-sent event.
  const json = /^data: (.*)$/m.exec(text)?.[1] ?? text;
  if (ToolAnswer.parse(JSON.parse(json)).result.isError)
    throw new Error(`${name} answered with an error: ${json}`);
}

async function callGraphql(
  account: Endpoint,
  query: string,
  variables: Record<string, unknown>,
): Promise<void> {
  GraphqlAnswer.parse(JSON.parse(await post(account, '/graphql', { query, variables })));
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
