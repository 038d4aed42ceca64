import type { JsonSchema } from './json-schema.ts';
import type { Manifest, ToolEntry } from './manifest.ts';
import { belowPublicUrl } from './protected-resource.ts';
import { restTools } from './rest.ts';

type Document = Readonly<Record<string, unknown>>;

/** The REST face as OpenAPI 3.1: one path, one request alternative for each tool. */
export function openApiDocument(manifest: Manifest, publicUrl: URL, version: string): Document {
  const tools = restTools(manifest);
  const schemas = Object.fromEntries(
    tools.flatMap((tool): [string, Document | JsonSchema][] => [
      [`${tool.name}.data`, withoutDialect(tool.inputSchema)],
      [`${tool.name}.answer`, withoutDialect(tool.outputSchema)],
      [`${tool.name}.request`, requestSchema(tool)],
      [`${tool.name}.response`, responseSchema(tool)],
    ]),
  );
  // Without it a value of `tool` would have to be the name of a schema.
  const mapping = Object.fromEntries(tools.map(({ name }) => [name, `#/components/schemas/${name}.request`]));
  const oneOf = (part: string) => tools.map(({ name }) => ({ $ref: `#/components/schemas/${name}.${part}` }));
  return {
    openapi: '3.1.1',
    info: {
      title: 'Picard tools',
      version,
      description: 'The tools of Picard over plain HTTP: the same operations that assistants call over MCP.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: belowPublicUrl(publicUrl, '').href.replace(/\/$/, '') }],
    security: [{ bearer: [] }],
    paths: {
      '/api/tools': {
        post: {
          operationId: 'callTool',
          summary: 'Call a tool',
          description: tools.map(({ name, title }) => `- \`${name}\`: ${title}`).join('\n'),
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: { oneOf: oneOf('request'), discriminator: { propertyName: 'tool', mapping } },
              },
            },
          },
          responses: {
            200: {
              description: 'Carried out.',
              content: { 'application/json': { schema: { oneOf: oneOf('response') } } },
            },
            ...errorResponses,
          },
        },
      },
    },
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An API key whose faces include REST.' },
      },
      schemas: { ...schemas, error: errorSchema },
    },
  };
}

function requestSchema({ name, title, description }: ToolEntry): Document {
  return {
    title,
    description,
    type: 'object',
    properties: { tool: { const: name }, data: { $ref: `#/components/schemas/${name}.data` } },
    required: ['tool', 'data'],
    additionalProperties: false,
  };
}

function responseSchema({ name }: ToolEntry): Document {
  return {
    type: 'object',
    properties: { tool: { const: name }, data: { $ref: `#/components/schemas/${name}.answer` } },
    required: ['tool', 'data'],
  };
}

const errorSchema: Document = {
  type: 'object',
  properties: {
    error: {
      type: 'object',
      properties: { code: { type: 'string' }, message: { type: 'string' }, way_on: { type: 'string' } },
      required: ['code', 'message'],
    },
  },
  required: ['error'],
};

const errorTexts: readonly (readonly [number, string])[] = [
  [400, 'The body is not JSON or the arguments do not fit.'],
  [401, 'No token, or one that is unknown, expired or revoked.'],
  [403, 'The token lacks a scope or this face.'],
  [404, 'No such tool, or no such memory to be seen by you.'],
  [409, 'Somebody changed it meanwhile, or it exists already.'],
  [413, 'The body is too large.'],
  [415, 'The body is not application/json.'],
  [422, 'A rule refused the arguments.'],
  [428, 'The person is to be asked first: ask, then call again with confirmed set to true.'],
  [429, 'Too many calls; see Retry-After.'],
  [500, 'A fault of the server, with a correlation id.'],
  [503, 'Not available for the moment.'],
];

const errorContent = { 'application/json': { schema: { $ref: '#/components/schemas/error' } } };

const errorResponses = Object.fromEntries(
  errorTexts.map(([status, description]): [string, Document] => [
    String(status),
    { description, content: errorContent },
  ]),
);

/** OpenAPI 3.1 names the dialect once, for the whole document. */
function withoutDialect({ $schema: _dialect, ...schema }: JsonSchema): JsonSchema {
  return schema;
}
