import { AjvJsonSchemaValidator } from '@modelcontextprotocol/server/validators/ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authenticatorOf, createFixtureApi, recordingLogger } from '../test/fixture-api.ts';
import { type FixtureServer, startFixtureServer } from '../test/fixture-server.ts';
import { createAdapter } from './adapter.ts';
import { loadManifest } from './manifest.ts';
import { protectedResourceOf } from './protected-resource.ts';

let server: FixtureServer;
beforeAll(async () => {
  server = await startFixtureServer();
});
afterAll(() => server.close());

const get = (path: string, init: RequestInit = {}) => fetch(new URL(path, server.url), init);

describe('the adapter', () => {
  it('names its paths and leaves the others alone', async () => {
    const options = {
      executor: createFixtureApi().executor,
      authenticator: authenticatorOf({}),
      logger: recordingLogger(),
    };
    const adapter = createAdapter({ ...options, publicUrl: new URL('http://localhost:8001') });
    const paths = [
      '/mcp',
      '/api/tools',
      '/openapi.json',
      '/docs',
      '/.well-known/oauth-protected-resource/mcp',
    ];
    expect(paths.filter((path) => !adapter.handles(path))).toEqual([]);
    expect(['/', '/graphql', '/mcp/', '/health'].filter((path) => adapter.handles(path))).toEqual([]);
    await adapter.close();
  });

  it.each(['/openapi.json', '/docs', '/.well-known/oauth-protected-resource/mcp'])(
    '%s is for reading only',
    async (path) => {
      expect((await get(path, { method: 'POST' })).status).toBe(405);
      expect(await (await get(path, { method: 'HEAD' })).text()).toBe('');
    },
  );
});

describe('/.well-known/oauth-protected-resource/mcp', () => {
  it('describes the resource by the public URL', async () => {
    expect(await (await get('/.well-known/oauth-protected-resource/mcp')).json()).toEqual({
      resource: new URL('/mcp', server.url).href,
      scopes_supported: ['memories:read', 'memories:write'],
      bearer_methods_supported: ['header'],
      resource_name: 'Picard',
      resource_documentation: new URL('/docs', server.url).href,
    });
  });

  it('keeps the path of a public URL and names the issuers', () => {
    const resource = protectedResourceOf(new URL('https://host.example/picard'), loadManifest(), [
      'https://host.example',
    ]);
    expect(resource.resource.href).toBe('https://host.example/picard/mcp');
    expect(resource.resourceMetadataUrl).toBe(
      'https://host.example/.well-known/oauth-protected-resource/picard/mcp',
    );
    expect(resource.metadata['authorization_servers']).toEqual(['https://host.example']);
  });
});

describe('/openapi.json', () => {
  it('describes a request and an answer for every tool, with every reference in place', async () => {
    const document = JSON.parse(await (await get('/openapi.json')).text());
    expect(document.openapi).toMatch(/^3\.1\./);
    const names = Object.keys(document.components.schemas);
    for (const { name } of loadManifest().tools) expect(names).toContain(`${name}.request`);
    const references = JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g);
    for (const [, name] of references) expect(names).toContain(name);
  });

  it('has schemas that take the examples of the tools', async () => {
    const document = JSON.parse(await (await get('/openapi.json')).text());
    for (const { name, description } of loadManifest().tools) {
      const example: unknown = JSON.parse(description.split('Example: ')[1] ?? '');
      const validate = new AjvJsonSchemaValidator().getValidator(document.components.schemas[`${name}.data`]);
      expect([name, validate(example)]).toMatchObject([name, { valid: true }]);
    }
  });
});

describe('/docs', () => {
  it('loads nothing from elsewhere and runs no script', async () => {
    const response = await get('/docs');
    const html = await response.text();
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-/,
    );
    expect(html).not.toMatch(/<script|<link|<img|<iframe|style="|@import|url\(/);
  });

  it('describes every tool, resource and prompt under a heading of its own', async () => {
    const html = await (await get('/docs')).text();
    const { tools, resources, prompts } = loadManifest();
    for (const { name } of tools) expect(html).toContain(`<h2 id="${name}">`);
    for (const { name } of resources) expect(html).toContain(`<h2 id="resource-${name}">`);
    for (const { name } of prompts) expect(html).toContain(`<h2 id="prompt-${name}">`);
    expect(html).toContain('<html lang="en">');
    expect(html.match(/<h1>/g)).toHaveLength(1);
  });
});
