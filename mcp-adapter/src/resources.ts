import {
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  ResourceTemplate,
  type ServerContext,
  type Variables,
} from '@modelcontextprotocol/server';
import { compileArguments } from './arguments.ts';
import { compileCompletion } from './completions.ts';
import { type JsonSchema, admits } from './json-schema.ts';
import type { CompletionEntry, ResourceEntry } from './manifest.ts';
import { type Caller, runOperation } from './run-operation.ts';
import { scopeChallengeFor } from './scope-challenge.ts';
import { ResourceUriTemplate } from './uri-template.ts';

/** Registers one resource template on a server. `completeAs` is who completes, as completions carry no context. */
export type ResourceRegistration = (
  server: McpServer,
  callerOf: (context: ServerContext) => Caller,
  completeAs: () => Caller | undefined,
) => void;

/** Compiles a resource template, with completions for those of its arguments that have one. */
export function compileResource(
  entry: ResourceEntry,
  completions: readonly CompletionEntry[],
): ResourceRegistration {
  const reader = compileArguments(entry);
  const uriTemplate = new ResourceUriTemplate(entry.uriTemplate);
  const completers = completions
    .filter(({ argument }) => entry.inputSchema.properties?.[argument] !== undefined)
    .map((completion) => ({ argument: completion.argument, complete: compileCompletion(completion) }));
  const config = {
    title: entry.title,
    description: entry.description,
    mimeType: entry.mimeType,
    cacheHint: entry.cacheHint,
    scopeChallenge: scopeChallengeFor(entry.scopes),
  };
  return (server, callerOf, completeAs) => {
    const complete = Object.fromEntries(
      completers.map(({ argument, complete: run }) => [
        argument,
        (typed: string) => run(typed, completeAs()),
      ]),
    );
    const template = new ResourceTemplate(uriTemplate, { list: undefined, complete });
    server.registerResource(entry.name, template, config, async (uri, variables, context) => {
      const read = reader.read(argumentsFromUri(entry.inputSchema, variables));
      if ('issues' in read)
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Invalid resource URI: ${read.issues}`);
      const outcome = await runOperation(entry, read.arguments, callerOf(context));
      if (outcome.kind !== 'answer') {
        const code = outcome.kind === 'failure' && outcome.status >= 500 ? 'InternalError' : 'InvalidParams';
        throw new ProtocolError(
          ProtocolErrorCode[code],
          `${outcome.code}: ${outcome.message} ${outcome.wayOn}`,
        );
      }
      if (outcome.answer[entry.rootKey] === null) throw new ResourceNotFoundError(uri.href);
      return {
        contents: [{ uri: uri.href, mimeType: entry.mimeType, text: JSON.stringify(outcome.answer) }],
      };
    });
  };
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
