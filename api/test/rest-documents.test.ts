import { Validator } from '@seriousme/openapi-schema-validator';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/client/validators/ajv';
import { createHash } from 'node:crypto';
import { loadManifest } from '@picard/mcp-adapter/manifest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setScene } from './mcp-scene.ts';
import { toolCases } from './mcp-tool-cases.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

const { tools, resources } = loadManifest();

let picard: TestPicard;
beforeAll(async () => {
  picard = await startTestPicard();
});
afterAll(() => picard[Symbol.asyncDispose]());

const get = (path: string) => fetch(new URL(path, picard.url));

describe('/openapi.json', () => {
  const read = async () => JSON.parse(await (await get('/openapi.json')).text());

  test('is a document of OpenAPI 3.1', async () => {
    const response = await get('/openapi.json');
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const document = JSON.parse(await response.text());
    expect(await new Validator().validate(structuredClone(document))).toMatchObject({ valid: true });
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(document.servers).toEqual([{ url: picard.picard.http.publicUrl.origin }]);
  });

  test('leads from the name of each tool to its request', async () => {
    const document = await read();
    const { schema } = document.paths['/api/tools'].post.requestBody.content['application/json'];
    const { propertyName, mapping } = schema.discriminator;
    expect(propertyName).toBe('tool');
    expect(Object.keys(mapping)).toEqual(tools.map(({ name }) => name));
    for (const { name } of tools) {
      const target = document.components.schemas[mapping[name].replace('#/components/schemas/', '')];
      expect(target.properties.tool).toEqual({ const: name });
    }
  });

  test('describes truly what is sent and answered', async () => {
    const document = await read();
    const key = await picard.account('ada');
    const ajv = new AjvJsonSchemaValidator();
    const valid = (schema: string, value: unknown) =>
      ajv.getValidator<unknown>({
        ...{ $ref: `#/components/schemas/${schema}` },
        ...{ components: document.components },
      })(value);
    for (const { name } of tools) {
      const data = toolCases[name]?.args(await setScene(picard, key));
      const response = await fetch(new URL('/api/tools', picard.url), {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ tool: name, data }),
      });
      expect([name, valid(`${name}.response`, await response.json())]).toMatchObject([name, { valid: true }]);
    }
    const refused = await fetch(new URL('/api/tools', picard.url), { method: 'POST' });
    expect(valid('error', await refused.json())).toMatchObject({ valid: true });
  });
});

describe('/docs', () => {
  test('is served whole: nothing of it comes from elsewhere', async () => {
    const html = await (await get('/docs')).text();
    expect(html).not.toMatch(/<script|<link|<img|<iframe|<object|<embed|@import|url\(|srcset|style="/i);
    const targets = [...html.matchAll(/\b(?:src|href|action)="([^"]*)"/g)].map(([, target = '']) => target);
    expect(targets.filter((target) => !target.startsWith('#'))).toEqual(['openapi.json']);
    for (const target of targets.filter((each) => each.startsWith('#')))
      expect(html).toContain(`id="${target.slice(1)}"`);
  });

  test('forbids all but its own style, and that is the one it has', async () => {
    const response = await get('/docs');
    const html = await response.text();
    const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(response.headers.get('content-security-policy')?.split('; ')).toEqual([
      "default-src 'none'",
      `style-src 'sha256-${hash}'`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  });

  test('tells of every tool and resource, and where they are called', async () => {
    const html = await (await get('/docs')).text();
    for (const { name, title } of tools) {
      expect(html).toContain(`<h2 id="${name}">`);
      expect(html).toContain(title);
    }
    for (const { name } of resources) expect(html).toContain(`<h2 id="resource-${name}">`);
    expect(html).toContain(`${picard.picard.http.publicUrl.origin}/mcp`);
  });

  test('is where the root leads', async () => {
    const { port, pathname } = new URL((await get('/')).url);
    expect([port, pathname]).toEqual([picard.url.port, '/docs']);
  });
});
