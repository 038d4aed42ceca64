import {
  type CallToolResult,
  type InputRequiredResult,
  type McpServer,
  type ServerContext,
  fromJsonSchema,
} from '@modelcontextprotocol/server';
import { compileArguments } from './arguments.ts';
import { askFirst } from './ask-first.ts';
import { compileAsks } from './asks.ts';
import { contentBlocks } from './content.ts';
import { maskedFailure } from './failures.ts';
import type { ToolEntry } from './manifest.ts';
import { withQuotes } from './quote.ts';
import type { StateSeal } from './request-state.ts';
import { runInParts } from './run-in-parts.ts';
import { type Caller, type Outcome, runOperation } from './run-operation.ts';
import { runStream } from './run-stream.ts';
import { scopeChallengeFor } from './scope-challenge.ts';
import { capabilitiesOf, tellLog, tellProgress } from './telling.ts';

/** What every registration needs: who calls, and what seals the state of a call with more than one round. */
export interface Serving {
  callerOf: (context: ServerContext) => Caller;
  seal: StateSeal;
}

/** Registers one part of the surface on a server; what is costly was done when it was compiled. */
export type Registration = (server: McpServer, serving: Serving) => void;

/** Compiles a tool's schemas once, for any number of servers. */
export function compileTool(entry: ToolEntry): Registration {
  const { standardSchema } = compileArguments(entry);
  const asks = compileAsks(entry.asks);
  const config = {
    title: entry.title,
    description: entry.description,
    inputSchema: standardSchema,
    ...(entry.content.length > 0 ? {} : { outputSchema: fromJsonSchema({ ...entry.outputSchema }) }),
    annotations: { title: entry.title, ...entry.annotations },
    scopeChallenge: scopeChallengeFor(entry.scopes),
  };
  return (server, { callerOf, seal }) => {
    const call = async (
      args: Record<string, unknown>,
      context: ServerContext,
    ): Promise<CallToolResult | InputRequiredResult> => {
      const caller = callerOf(context);
      const { userId } = caller.principal;
      try {
        const capabilities = capabilitiesOf(server, context);
        const readiness = await askFirst({ entry, asks, args, userId, context, capabilities, seal });
        if (readiness.kind === 'ask') return readiness.result;
        if (readiness.kind === 'stopped') return toolResult(entry, readiness.outcome, userId);
        return toolResult(entry, await run(entry, readiness.args, caller, context), userId);
      } catch (error) {
        return toolResult(entry, maskedFailure(error, entry.operationName, caller.logger), userId);
      }
    };
    server.registerTool(entry.name, config, call);
  };
}

/** Runs the tool in the way that lets the host hear of its progress, if it wants to. */
function run(
  entry: ToolEntry,
  args: Record<string, unknown>,
  caller: Caller,
  context: ServerContext,
): Promise<Outcome> {
  const progress = tellProgress(context);
  if (entry.progress) {
    const told = { progress: progress ?? (() => Promise.resolve()), log: tellLog(context) };
    return runStream(entry, entry.progress, args, caller, told);
  }
  if (entry.parts && progress) return runInParts(entry, entry.parts, args, caller, progress);
  return runOperation(entry, args, caller);
}

/**
 * The outcome as MCP: content of its own, or data as JSON text and structured content; what went wrong as text to act on.
 * Models read the text, where words that are not the caller's own are quoted; programs read the structured content,
 * where every text is as it was kept.
 */
export function toolResult(
  { content, quotes }: Pick<ToolEntry, 'content' | 'quotes'>,
  outcome: Outcome,
  userId: string,
): CallToolResult {
  if (outcome.kind === 'answer') {
    if (content.length > 0) return { content: contentBlocks(content, outcome.answer) };
    return {
      content: [{ type: 'text', text: JSON.stringify(withQuotes(outcome.answer, quotes, userId)) }],
      structuredContent: outcome.answer,
    };
  }
  const text = `${outcome.code}: ${outcome.message}\n${outcome.wayOn}`;
  return {
    content: [
      {
        type: 'text',
        text: outcome.kind === 'refusal' ? `${text}\n${JSON.stringify(outcome.answer)}` : text,
      },
    ],
    ...(outcome.kind === 'refusal' ? { structuredContent: outcome.answer } : {}),
    isError: true,
  };
}
