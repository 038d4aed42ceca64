import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { isManifest } from '../src/manifest.ts';
import { compileManifest } from './compile-manifest.ts';
import { readFiles } from './run-codegen.ts';

const root = new URL('../../', import.meta.url);
const schema = buildSchema(readFileSync(new URL('schema/schema.graphql', root), 'utf8'));
const files = readFiles(new URL('mcp-adapter/operations/', root), '.graphql');
const prompts = readFiles(new URL('mcp-adapter/prompts/', root), '.md');
const manifest = compileManifest(schema, files, prompts);

const described = '"""\nA title\n\nSome text.\nExample: {}\n"""\n';

describe('the committed operations', () => {
  it('compile to the tools, resources and completions that are promised', () => {
    expect(manifest.tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'delete_memories',
        'delete_memory',
        'get_memories',
        'get_memory',
        'query_memory',
        'retrieve_memories',
        'submit_memories',
        'submit_memory',
        'undelete_memory',
        'update_memories',
        'update_memory',
      ]),
    );
    expect(manifest.resources.map(({ uriTemplate }) => uriTemplate)).toEqual(
      expect.arrayContaining([
        'memories://{memory_id}',
        expect.stringMatching(/^users:\/\/\{user_id\}\/memories\{\?tag\*/),
      ]),
    );
    expect(manifest.completions.map(({ argument }) => argument)).toContain('tag');
  });

  it('compile to the same bytes in whatever order the files come', () => {
    expect(JSON.stringify(compileManifest(schema, files.toReversed(), prompts.toReversed()))).toBe(
      JSON.stringify(manifest),
    );
  });

  it('match the committed manifest', () => {
    const committed: unknown = JSON.parse(readFileSync(new URL('mcp-adapter/manifest.json', root), 'utf8'));
    expect(isManifest(committed)).toBe(true);
    expect(committed).toEqual(JSON.parse(JSON.stringify(manifest)));
  });

  it('take snake_case arguments only, and hide trust', () => {
    const text = JSON.stringify(manifest.tools.map(({ inputSchema }) => inputSchema));
    expect(text).not.toMatch(/"[a-z]+[A-Z]\w*":\{/);
    const submit = manifest.tools.find(({ name }) => name === 'submit_memory');
    expect(submit?.inputSchema.properties).toHaveProperty('expiration_date.format', 'date-time');
    expect(submit?.inputSchema.properties).not.toHaveProperty('trust');
    expect(submit?.document).toContain('trust: APP');
    const batch = manifest.tools.find(({ name }) => name === 'submit_memories');
    expect(batch?.inputs['memories']?.fixed).toEqual({ trust: 'APP' });
    expect(batch?.inputSchema.properties?.['memories']?.items?.properties).not.toHaveProperty('trust');
  });

  it('say truly what they do', () => {
    const annotations = Object.fromEntries(manifest.tools.map((tool) => [tool.name, tool.annotations]));
    expect(annotations['query_memory']).toMatchObject({ readOnlyHint: true, destructiveHint: false });
    expect(annotations['delete_memory']).toMatchObject({
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: true,
    });
    expect(annotations['submit_memory']).toMatchObject({
      readOnlyHint: false,
      destructiveHint: false,
      idempotentHint: false,
    });
  });

  it('ask for the scopes of the fields they touch', () => {
    const scopes = Object.fromEntries(manifest.tools.map((tool) => [tool.name, tool.scopes]));
    expect(scopes['get_memories']).toEqual([['memories:read']]);
    expect(scopes['delete_memories']).toEqual([['memories:write']]);
  });

  it('never send client directives, descriptions or adapter arguments to the API', () => {
    for (const { document } of [...manifest.tools, ...manifest.resources, ...manifest.completions]) {
      expect(document).not.toMatch(/@|max_tokens|"""/);
    }
  });

  it('tell payload and errors apart by __typename', () => {
    const update = manifest.tools.find(({ name }) => name === 'update_memory');
    const members = update?.outputSchema.properties?.['result']?.anyOf ?? [];
    const errors = Object.keys(update?.refusals?.waysOn ?? {});
    expect(errors).toEqual(expect.arrayContaining(['InvalidInput', 'MemoryNotFound', 'VersionConflict']));
    expect(members.map((member) => member.properties?.['__typename']?.const).toSorted()).toEqual(
      ['UpdateMemoryPayload', ...errors].toSorted(),
    );
    expect(update?.refusals?.waysOn['VersionConflict']).toContain('expected_version');
  });

  it('keep the cursors of edges out of the answer', () => {
    const list = manifest.tools.find(({ name }) => name === 'get_memories');
    expect(list?.budget).toMatchObject({
      paths: [['memories', 'edges']],
      page: { itemCursor: 'cursor', after: 'after' },
    });
    expect(JSON.stringify(list?.outputSchema)).not.toContain('"cursor"');
  });
});

describe('scopes of several fields', () => {
  const scoped = buildSchema(`
    directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION
    type Query {
      one: Int! @requiresScopes(scopes: [["a:read"], ["admin"]])
      two: Int! @requiresScopes(scopes: [["b:read"]])
      three: Int! @requiresScopes(scopes: [["a:write"]])
      four: Int!
    }
  `);
  const scopesOf = (fields: string) =>
    compileManifest(scoped, [{ path: 'a.graphql', text: `${described}query A { ${fields} }` }]).tools[0]
      ?.scopes;

  it.each([
    ['four', []],
    ['one', [['a:read'], ['admin']]],
    [
      'one two',
      [
        ['a:read', 'b:read'],
        ['admin', 'b:read'],
      ],
    ],
    ['one three', [['a:write']]],
    ['one four', [['a:read'], ['admin']]],
  ])('%s', (fields, scopes) => {
    expect(scopesOf(fields)).toEqual(scopes);
  });
});
