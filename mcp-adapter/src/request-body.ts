import type { IncomingMessage } from 'node:http';

export type JsonBody = { kind: 'json'; value: unknown } | { kind: 'not-json' | 'too-large' | 'wrong-type' };

/**
 * Reads a JSON request body up to a number of bytes. The rest of a longer one is left to Node, which throws it away when it
 * has answered: a connection that is closed on it loses the answer (RFC 9112 section 9.6).
 */
export async function readJsonBody(req: IncomingMessage, maxBytes: number): Promise<JsonBody> {
  const mediaType = req.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') return { kind: 'wrong-type' };
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) return { kind: 'too-large' };
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of req.iterator({ destroyOnReturn: false })) {
    if (!(chunk instanceof Uint8Array)) continue;
    size += chunk.length;
    if (size > maxBytes) return { kind: 'too-large' };
    chunks.push(chunk);
  }
  try {
    return { kind: 'json', value: JSON.parse(Buffer.concat(chunks).toString('utf8')) };
  } catch {
    return { kind: 'not-json' };
  }
}
