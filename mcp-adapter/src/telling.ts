import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { isRecord } from './json-schema.ts';
import type { LogLevel } from './operation-entry.ts';
import type { ProgressTold } from './run-operation.ts';

/** What the host said it can do: with this request (2026-07-28), or as its session began. */
export function capabilitiesOf(server: McpServer, { mcpReq }: ServerContext): ClientCapabilities | undefined {
  const envelope: Record<string, unknown> | undefined = mcpReq.envelope;
  const said = envelope?.[CLIENT_CAPABILITIES_META_KEY];
  return isRecord(said) ? said : server.server.getClientCapabilities();
}

/** Tells progress to a host that asked to hear it; undefined for one that did not. Progress never goes back. */
export function tellProgress({ mcpReq }: ServerContext): ((told: ProgressTold) => Promise<void>) | undefined {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return undefined;
  let reached = -Infinity;
  return async ({ done, total, message }) => {
    if (done <= reached) return;
    reached = done;
    await mcpReq.notify({
      method: 'notifications/progress',
      params: {
        progressToken,
        progress: done,
        ...(total === undefined ? {} : { total }),
        ...(message === undefined ? {} : { message }),
      },
    });
  };
}

/** Tells the host's log, as far as it asked for one. */
export function tellLog({ mcpReq }: ServerContext): (level: LogLevel, message: string) => Promise<void> {
  return (level, message) => mcpReq.log(level, message, 'picard');
}
