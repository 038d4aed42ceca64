import type { IncomingMessage, ServerResponse } from 'node:http';
import { instance } from '../running-server.ts';
import type { Services } from '../services.ts';
import { sendJson } from './respond.ts';

/** Whether the process answers, and whether it can do its work: the database answers too. */
export async function health(
  services: Services,
  _request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await services.database.asOwner((sql) => sql`select 1`);
  } catch {
    return sendJson(
      response,
      503,
      { status: 'unavailable', database: 'does not answer', instance },
      { 'retry-after': '3' },
    );
  }
  sendJson(response, 200, {
    status: 'ok',
    database: services.database.kind,
    embeddingModel: services.embeddings.activeModel,
    instance,
  });
}
