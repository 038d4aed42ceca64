import { ProtocolError, ProtocolErrorCode, type ServerContext } from '@modelcontextprotocol/server';
import { isRecord } from './json-schema.ts';
import type { CompletionEntry, Manifest } from './manifest.ts';
import { type Caller, runOperation } from './run-operation.ts';
import type { Registration } from './tools.ts';

/** The protocol's bound on one completion answer. */
const MAX_VALUES = 100;

/** Serves `completion/complete` for the arguments of prompts and resource templates alike, by their names. */
export function compileCompletions({ completions, prompts, resources }: Manifest): Registration {
  const byArgument = new Map(completions.map((entry) => [entry.argument, entry]));
  const argumentsOf = new Map<string, readonly string[]>([
    ...prompts.map((prompt): [string, string[]] => [
      `ref/prompt ${prompt.name}`,
      prompt.arguments.map(({ name }) => name),
    ]),
    ...resources.map((resource): [string, string[]] => [
      `ref/resource ${resource.uriTemplate}`,
      Object.keys(resource.inputSchema.properties ?? {}),
    ]),
  ]);
  return (server, { callerOf }) => {
    server.server.registerCapabilities({ completions: {} });
    server.server.setRequestHandler('completion/complete', async ({ params }, context: ServerContext) => {
      const { ref, argument } = params;
      const names = argumentsOf.get(`${ref.type} ${ref.type === 'ref/prompt' ? ref.name : ref.uri}`);
      if (!names) {
        const what = ref.type === 'ref/prompt' ? 'prompt' : 'resource template';
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no such ${what}.`);
      }
      const entry = names.includes(argument.name) ? byArgument.get(argument.name) : undefined;
      const values = entry ? await complete(entry, argument.value, callerOf(context)) : [];
      const shown = values.slice(0, MAX_VALUES);
      return { completion: { values: shown, total: values.length, hasMore: values.length > shown.length } };
    });
  };
}

/** Completes an argument by running its operation; what fails completes to nothing, as a host asks on every key. */
async function complete(entry: CompletionEntry, typed: string, caller: Caller): Promise<string[]> {
  const outcome = await runOperation(entry, { [entry.variable]: typed }, caller);
  if (outcome.kind !== 'answer') return [];
  const list = entry.path.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), outcome.answer);
  if (!Array.isArray(list)) return [];
  const values = list.map((item: unknown) =>
    entry.itemKey !== null && isRecord(item) ? item[entry.itemKey] : item,
  );
  return values.filter((value) => typeof value === 'string');
}
