import { AjvJsonSchemaValidator } from '@modelcontextprotocol/client/validators/ajv';
import { LATEST_PROTOCOL_VERSION } from '@modelcontextprotocol/sdk/types.js';
import { loadManifest } from '@picard/mcp-adapter/manifest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hosts, type Connected } from './mcp-hosts.ts';
import { setScene } from './mcp-scene.ts';
import { toolCases } from './mcp-tool-cases.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

const manifest = loadManifest();
const ajv = new AjvJsonSchemaValidator();

let picard: TestPicard;
let key: string;
beforeAll(async () => {
  picard = await startTestPicard();
  key = await picard.account('ada');
});
afterAll(() => picard[Symbol.asyncDispose]());

describe.each(hosts)('$name, $era', ({ era, transport, connect }) => {
  let client: Connected;
  beforeAll(async () => {
    client = await connect({ url: picard.url, key });
  });
  afterAll(() => client.close());

  test('agrees on its protocol', () => {
    const version =
      'getNegotiatedProtocolVersion' in client
        ? client.getNegotiatedProtocolVersion()
        : transport === 'stdio'
          ? LATEST_PROTOCOL_VERSION
          : (client.transport as { protocolVersion?: string }).protocolVersion;
    expect(version).toBe(era);
    expect(client.getServerVersion()).toMatchObject({ name: 'picard', title: 'Picard' });
    expect(client.getInstructions()).toContain('query_memory');
  });

  test('lists the tools of the manifest, with schemas and annotations', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(manifest.tools.map(({ name }) => name));
    for (const [index, { title, description, annotations, outputSchema }] of manifest.tools.entries()) {
      expect(tools[index]).toMatchObject({ title, description, annotations });
      expect(tools[index]?.inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
      expect(tools[index]?.outputSchema).toEqual(JSON.parse(JSON.stringify(outputSchema)));
    }
  });

  test.each(manifest.tools)('calls $name', async ({ name, outputSchema }) => {
    const toolCase = toolCases[name];
    if (!toolCase) throw new Error(`${name} has no case: add one to mcp-tool-cases.ts`);
    const scene = await setScene(picard, key);
    const result = await client.callTool({ name, arguments: toolCase.args(scene) });
    expect(result).not.toHaveProperty('isError', true);
    expect(result.structuredContent).toEqual(toolCase.answer(scene));
    expect(result.content).toEqual([{ type: 'text', text: JSON.stringify(result.structuredContent) }]);
    const validate = ajv.getValidator({ ...outputSchema });
    expect(validate(result.structuredContent)).toMatchObject({ valid: true });
  });

  test('calls a tool without arguments where none is required', async () => {
    const result = await client.callTool({ name: 'retrieve_memories' });
    expect(result).not.toHaveProperty('isError', true);
  });
});

test('there is no case for a tool that is not there', () => {
  expect(Object.keys(toolCases).toSorted()).toEqual(manifest.tools.map(({ name }) => name).toSorted());
});

test('every tool says which scopes it needs, and every tool that writes needs to write', () => {
  for (const { scopes, annotations } of manifest.tools) {
    expect(scopes).toEqual([[annotations.readOnlyHint ? 'memories:read' : 'memories:write']]);
  }
});
