import { once } from 'node:events';
import { startStdio } from '@picard/mcp-adapter/stdio';
import { openDoor } from './door.ts';
import { readSettings } from './settings.ts';
import { terminalLogger } from './terminal-logger.ts';

/** Serves MCP over stdin and stdout until the host closes stdin. Stdout is the protocol's alone. */
export async function mcp(): Promise<void> {
  await using door = await openDoor(readSettings(), { face: 'mcp', model: true, background: true });
  const { executor, principal } = door;
  const closed = Promise.race([
    once(process.stdin, 'close'),
    once(process.stdin, 'end'),
    once(process, 'SIGTERM'),
    once(process, 'SIGINT'),
  ]);
  const server = startStdio({ executor, principal, logger: terminalLogger() });
  await closed;
  await server.close();
}
