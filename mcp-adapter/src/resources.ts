import {
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  ResourceTemplate,
  type ServerContext,
  type Variables,
} from '@modelcontextprotocol/server';
import { compileArguments } from './arguments.ts';
import { resourceContents } from './content.ts';
import { type JsonSchema, admits } from './json-schema.ts';
import type { ResourceEntry } from './manifest.ts';
import { withQuotes } from './quote.ts';
import { type Answer, type Caller, type Outcome, runOperation } from './run-operation.ts';
import { scopeChallengeFor } from './scope-challenge.ts';
import type { Registration } from './tools.ts';
import { ResourceUriTemplate } from './uri-template.ts';

/** Whether a resource is one of its own, instead of a template for many. */
export function isFixed({ uriTemplate }: Pick<ResourceEntry, 'uriTemplate'>): boolean {
  return !uriTemplate.includes('{');
}

/** Compiles a resource, or a template of resources. */
export function compileResource(entry: ResourceEntry): Registration {
  const reader = compileArguments(entry);
  const { name, title, description, mimeType, cacheHint } = entry;
  const scopeChallenge = scopeChallengeFor(entry.scopes);
  const config = { title, description, mimeType, cacheHint, scopeChallenge };
  const read = async (uri: URL, variables: Variables, caller: Caller) => {
    const args = reader.read(argumentsFromUri(entry.inputSchema, variables));
    if ('issues' in args)
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Invalid resource URI: ${args.issues}`);
    const { answer } = answerOrThrow(await runOperation(entry, args.arguments, caller));
    if (answer[entry.rootKey] === null) throw new ResourceNotFoundError(uri.href);
    if (entry.content.length > 0)
      return { contents: resourceContents(entry.content, answer, { uri: uri.href, mimeType }) };
    const shown = withQuotes(answer, entry.quotes, caller.principal.userId);
    return { contents: [{ uri: uri.href, mimeType, text: JSON.stringify(shown) }] };
  };
  if (isFixed(entry)) {
    return (server, { callerOf }) => {
      server.registerResource(name, entry.uriTemplate, config, (uri, context: ServerContext) =>
        read(uri, {}, callerOf(context)),
      );
    };
  }
  const template = new ResourceTemplate(new ResourceUriTemplate(entry.uriTemplate), { list: undefined });
  return (server, { callerOf }) => {
    server.registerResource(name, template, config, (uri, variables, context) =>
      read(uri, variables, callerOf(context)),
    );
  };
}

/** The answer, or the protocol's error for what was refused or failed. */
export function answerOrThrow(outcome: Outcome): Answer {
  if (outcome.kind === 'answer') return outcome;
  const code = outcome.kind === 'failure' && outcome.status >= 500 ? 'InternalError' : 'InvalidParams';
  throw new ProtocolError(ProtocolErrorCode[code], `${outcome.code}: ${outcome.message} ${outcome.wayOn}`);
}

/** URI variables are text; the schema says what they stand for. What does not fit is left for validation to refuse. */
export function argumentsFromUri(schema: JsonSchema, variables: Variables): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => {
      const property = schema.properties?.[name];
      return [name, property ? fromText(property, value) : value];
    }),
  );
}

function fromText(schema: JsonSchema, value: string | string[]): unknown {
  const { items } = schema;
  if (items) return (Array.isArray(value) ? value : [value]).map((item) => fromText(items, item));
  if (Array.isArray(value)) return value;
  if ((admits(schema, 'integer') || admits(schema, 'number')) && /^-?\d+(\.\d+)?$/.test(value))
    return Number(value);
  if (admits(schema, 'boolean') && /^(true|false)$/.test(value)) return value === 'true';
  return value;
}
