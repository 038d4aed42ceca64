import {
  type GetPromptResult,
  type InputRequiredResult,
  type PromptMessage,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
  fromJsonSchema,
} from '@modelcontextprotocol/server';
import { compileArguments } from './arguments.ts';
import { askFirst } from './ask-first.ts';
import { compileAsks } from './asks.ts';
import { contentBlocks } from './content.ts';
import { isRecord } from './json-schema.ts';
import type { PromptEntry } from './manifest.ts';
import type { OperationEntry } from './operation-entry.ts';
import { parseTemplate, renderTemplate } from './prompt-template.ts';
import { answerOrThrow, argumentsFromUri } from './resources.ts';
import { runOperation } from './run-operation.ts';
import { scopeChallengeFor } from './scope-challenge.ts';
import type { Registration, Serving } from './tools.ts';
import { capabilitiesOf } from './telling.ts';

type Server = Parameters<Registration>[0];
type Data = { kind: 'data'; data: unknown } | { kind: 'ask'; result: InputRequiredResult };

/** Compiles a prompt: its arguments, the operation behind it, and its text. */
export function compilePrompt(entry: PromptEntry): Registration {
  const template = parseTemplate(entry.template);
  const readData = entry.data && compileData(entry.data);
  const content = entry.data?.content ?? [];
  const properties = Object.fromEntries(
    entry.arguments.map(({ name, description }) => [name, { type: 'string', description }]),
  );
  const required = entry.arguments.flatMap((argument) => (argument.required ? [argument.name] : []));
  const described = {
    title: entry.title,
    description: entry.description,
    ...(entry.data ? { scopeChallenge: scopeChallengeFor(entry.data.scopes) } : {}),
  };
  const get = async (
    args: Record<string, string>,
    server: Server,
    serving: Serving,
    context: ServerContext,
  ): Promise<GetPromptResult | InputRequiredResult> => {
    const read = readData ? await readData(args, server, serving, context) : undefined;
    if (read?.kind === 'ask') return read.result;
    const data = read?.data;
    const messages = renderTemplate(template, args, data).flatMap((piece): PromptMessage[] => {
      if (piece.kind === 'text')
        return piece.text.trim() === '' ? [] : [userMessage({ type: 'text', text: piece.text.trim() })];
      const fields = content.filter(({ path }) => path.join('.') === piece.path.join('.'));
      return contentBlocks(fields, data).map(userMessage);
    });
    return { description: entry.description, messages };
  };
  return (server, serving) => {
    if (entry.arguments.length === 0) {
      server.registerPrompt(entry.name, described, (context: ServerContext) =>
        get({}, server, serving, context),
      );
      return;
    }
    const argsSchema = fromJsonSchema<Record<string, string>>({ type: 'object', properties, required });
    server.registerPrompt(entry.name, { ...described, argsSchema }, (args, context) =>
      get(args, server, serving, context),
    );
  };
}

/** Runs the operation behind a prompt, asking first what it needs to be asked. */
function compileData(entry: OperationEntry) {
  const reader = compileArguments(entry);
  const asks = compileAsks(entry.asks);
  const known = Object.keys(entry.inputSchema.properties ?? {});
  return async (
    given: Record<string, string>,
    server: Server,
    { callerOf, seal }: Serving,
    context: ServerContext,
  ): Promise<Data> => {
    // Hosts send a field that was left empty as an empty text.
    const texts = Object.entries(given).filter(([name, text]) => known.includes(name) && text !== '');
    const read = reader.read(argumentsFromUri(entry.inputSchema, Object.fromEntries(texts)));
    if ('issues' in read) throw new ProtocolError(ProtocolErrorCode.InvalidParams, read.issues);
    const caller = callerOf(context);
    const { userId } = caller.principal;
    const capabilities = capabilitiesOf(server, context);
    const args = read.arguments;
    const readiness = await askFirst({ entry, asks, args, userId, context, capabilities, seal });
    if (readiness.kind === 'ask') return readiness;
    const outcome =
      readiness.kind === 'stopped' ? readiness.outcome : await runOperation(entry, readiness.args, caller);
    const { answer } = answerOrThrow(outcome);
    return { kind: 'data', data: isRecord(answer) ? answer : {} };
  };
}

function userMessage(content: PromptMessage['content']): PromptMessage {
  return { role: 'user', content };
}
