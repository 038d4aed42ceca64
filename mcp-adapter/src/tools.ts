import {
  type CallToolResult,
  type McpServer,
  type ServerContext,
  fromJsonSchema,
} from '@modelcontextprotocol/server';
import { compileArguments } from './arguments.ts';
import type { Caller, Outcome } from './run-operation.ts';
import { runOperation } from './run-operation.ts';
import type { ToolEntry } from './manifest.ts';
import { scopeChallengeFor } from './scope-challenge.ts';

/** Registers one tool on a server; what is costly was done when it was compiled. */
export type ToolRegistration = (server: McpServer, callerOf: (context: ServerContext) => Caller) => void;

/** Compiles a tool's schemas once, for any number of servers. */
export function compileTool(entry: ToolEntry): ToolRegistration {
  const { standardSchema } = compileArguments(entry);
  const config = {
    title: entry.title,
    description: entry.description,
    inputSchema: standardSchema,
    outputSchema: fromJsonSchema({ ...entry.outputSchema }),
    annotations: { title: entry.title, ...entry.annotations },
    scopeChallenge: scopeChallengeFor(entry.scopes),
  };
  return (server, callerOf) => {
    // The place for @confirm: ask the person here, before the operation runs.
    server.registerTool(entry.name, config, async (args, context) =>
      toolResult(await runOperation(entry, args, callerOf(context))),
    );
  };
}

/** The outcome as MCP: data as JSON text and the same as structured content; what went wrong as text to act on. */
export function toolResult(outcome: Outcome): CallToolResult {
  if (outcome.kind === 'answer') {
    return {
      content: [{ type: 'text', text: JSON.stringify(outcome.answer) }],
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
